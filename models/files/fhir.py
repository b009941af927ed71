"""A person's record as a FHIR R4 document that other systems read: a Bundle of the collection type, as JSON.

Patient, Encounter, Observation, Appointment and Consent only, with LOINC codes and UCUM units. Ids are random-looking
`urn:uuid`s that are the same whenever the record is taken along again; they are no ids of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import orjson

from models.rules.measurements import bmi
from models.rules.sex import Sex

MEDIA_TYPE = "application/fhir+json"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
WHO_METHODS = "http://smart.who.int/hiv/CodeSystem/HIVConcepts"
OWN = "urn:x-suifang:"
"""How systems of our own codes begin: programmes, purposes, methods that the WHO has no code for."""
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_PANEL, _SYSTOLIC, _DIASTOLIC, _BMI = "85354-9", "8480-6", "8462-4", "39156-5"
Json = dict[str, Any]


class Where(StrEnum):
    """How somebody was seen: the class of an encounter (v3 ActCode)."""

    AT_HOME = "HH"
    FROM_AFAR = "VR"
    AT_THE_CLINIC = "AMB"


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a measurement is coded: its LOINC code and what that says, the UCUM unit, how many of ours make one."""

    code: str
    display: str
    unit: str
    parts: int = 1
    category: str = "vital-signs"


_MEASURES: Mapping[str, _Measure] = {
    "sbp": _Measure(_SYSTOLIC, "Systolic blood pressure", "mm[Hg]"),
    "dbp": _Measure(_DIASTOLIC, "Diastolic blood pressure", "mm[Hg]"),
    "pulse": _Measure("8867-4", "Heart rate", "/min"),
    "temperature": _Measure("8310-5", "Body temperature", "Cel", 10),
    "weight": _Measure("29463-7", "Body weight", "kg", 10),
    "height": _Measure("8302-2", "Body height", "cm", 10),
    "waist": _Measure("8280-0", "Waist Circumference at umbilicus by Tape measure", "cm", 10),
    "glucose": _Measure(
        "14771-0", "Fasting glucose [Moles/volume] in Serum or Plasma", "mmol/L", 10, category="laboratory"
    ),
}
_INDEX = _Measure(_BMI, "Body mass index (BMI) [Ratio]", "kg/m2")


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose record it is. Neither phone nor identity number goes along: the next place asks for itself."""

    id: UUID
    name: str
    sex: Sex
    birth_date: date | None
    place: str


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit, or a place on a check-up day.

    Attributes:
        programme: its code; `what`: what it is called.
        took_place: the person was seen; of the others nothing says why not.
        measures: what was measured, as the store keeps it.
    """

    id: UUID
    programme: str
    what: str
    on: date
    entered_at: datetime
    where: Where
    took_place: bool
    measures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """A method that was chosen: the dictionary's `code` of it, and what it is called."""

    id: UUID
    on: date
    entered_at: datetime
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """Days on which something is proposed. It is never booked: coming is free."""

    id: UUID
    programme: str
    what: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Consent:
    """A purpose that the person agreed to; `withdrawn_at`: not any more."""

    id: UUID
    purpose: str
    what: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PortableRecord:
    """Everything that goes along; moments have a zone, words are of `language`."""

    id: UUID
    language: str
    made_at: datetime
    patient: Patient
    encounters: Sequence[Encounter] = ()
    choices: Sequence[Choice] = ()
    appointments: Sequence[Appointment] = ()
    consents: Sequence[Consent] = ()

    def content(self) -> bytes:
        """Return the document."""
        return orjson.dumps(self.bundle(), option=orjson.OPT_INDENT_2)

    def bundle(self) -> Json:
        """Return the document as plain values."""
        return {
            "resourceType": "Bundle",
            "id": str(self.id),
            "meta": {"lastUpdated": _moment(self.made_at), "security": [_coding("v3-Confidentiality", "R")]},
            "language": self.language,
            "identifier": {"system": "urn:ietf:rfc:3986", "value": self.id.urn},
            "type": "collection",
            "timestamp": _moment(self.made_at),
            "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in self._resources()],
        }

    def _resources(self) -> Iterator[Json]:
        yield self._patient()
        for consent in self.consents:
            yield self._consent(consent)
        for encounter in self.encounters:
            yield self._encounter(encounter)
            yield from self._measured(encounter)
        for choice in self.choices:
            yield self._choice(choice)
        for appointment in self.appointments:
            yield self._appointment(appointment)

    def _begun(self, kind: str, id_: UUID, at: datetime) -> Json:
        return {"resourceType": kind, "id": str(id_), "meta": {"lastUpdated": _moment(at)}, "language": self.language}

    @property
    def _subject(self) -> Json:
        return {"reference": self.patient.id.urn}

    def _patient(self) -> Json:
        who = self.patient
        born = {} if who.birth_date is None else {"birthDate": who.birth_date.isoformat()}
        return {
            **self._begun("Patient", who.id, self.made_at),
            "name": [{"use": "official", "text": who.name}],
            "gender": who.sex.value,
            **born,
            "address": [{"use": "home", "text": who.place, "country": "CN"}],
        }

    def _consent(self, one: Consent) -> Json:
        last = one.withdrawn_at or one.given_at
        return {
            **self._begun("Consent", one.id, last),
            "status": "active" if one.withdrawn_at is None else "inactive",
            "scope": _concept("consentscope", "patient-privacy"),
            "category": [{"coding": [{"system": LOINC, "code": "59284-0", "display": "Consent Document"}]}],
            "patient": self._subject,
            "dateTime": _moment(one.given_at),
            "policyRule": {"text": one.what},
            "provision": {"type": "permit", "purpose": [_own("purpose", one.purpose, one.what)]},
        }

    def _encounter(self, one: Encounter) -> Json:
        return {
            **self._begun("Encounter", one.id, one.entered_at),
            "status": "finished" if one.took_place else "cancelled",
            "class": _coding("v3-ActCode", one.where.value),
            "type": [{"coding": [_own("programme", one.programme, one.what)], "text": one.what}],
            "subject": self._subject,
            "period": {"start": one.on.isoformat(), "end": one.on.isoformat()},
        }

    def _measured(self, one: Encounter) -> Iterator[Json]:
        values = dict(one.measures)
        pressure = {name: values.pop(name) for name in ("sbp", "dbp") if name in values}
        if pressure:
            yield self._pressure(one, pressure)
        for name, value in values.items():
            measure = _MEASURES[name]
            yield self._observation(one, measure) | {"valueQuantity": _quantity(measure, value)}
        if "weight" in values and "height" in values:
            index = bmi(Decimal(values["weight"]) / 10, Decimal(values["height"]) / 10)
            yield self._observation(one, _INDEX) | {"valueQuantity": _quantity(_INDEX, float(index))}

    def _pressure(self, one: Encounter, values: Mapping[str, int]) -> Json:
        panel = _Measure(_PANEL, "Blood pressure panel with all children optional", "")
        components = [
            {"code": _loinc(_MEASURES[name]), "valueQuantity": _quantity(_MEASURES[name], value)}
            for name, value in values.items()
        ]
        return self._observation(one, panel) | {"component": components}

    def _observation(self, one: Encounter, measure: _Measure) -> Json:
        return {
            **self._begun("Observation", _part(one.id, measure.code), one.entered_at),
            "status": "final",
            "category": [_concept("observation-category", measure.category)],
            "code": _loinc(measure),
            "subject": self._subject,
            "encounter": {"reference": one.id.urn},
            "effectiveDateTime": one.on.isoformat(),
            "issued": _moment(one.entered_at),
        }

    def _choice(self, one: Choice) -> Json:
        system = WHO_METHODS if one.code.startswith("HIV.") else f"{OWN}method"
        return {
            **self._begun("Observation", one.id, one.entered_at),
            "status": "final",
            "category": [_concept("observation-category", "social-history")],
            "code": {"coding": [_own("observation", "method", "Method that was chosen")]},
            "subject": self._subject,
            "effectiveDateTime": one.on.isoformat(),
            "issued": _moment(one.entered_at),
            "valueCodeableConcept": {"coding": [{"system": system, "code": one.code}], "text": one.what},
        }

    def _appointment(self, one: Appointment) -> Json:
        return {
            **self._begun("Appointment", one.id, self.made_at),
            "status": "proposed",
            "serviceType": [{"coding": [_own("programme", one.programme, one.what)], "text": one.what}],
            "participant": [{"actor": self._subject, "status": "needs-action"}],
            "requestedPeriod": [{"start": one.first.isoformat(), "end": one.last.isoformat()}],
        }


def _part(id_: UUID, code: str) -> UUID:
    """Return the id of an observation of an encounter."""
    return uuid5(id_, code)


def _loinc(measure: _Measure) -> Json:
    return {"coding": [{"system": LOINC, "code": measure.code, "display": measure.display}], "text": measure.display}


def _quantity(measure: _Measure, value: float) -> Json:
    number = value / measure.parts if measure.parts > 1 else value
    return {"value": number, "unit": measure.unit, "system": UCUM, "code": measure.unit}


def _coding(system: str, code: str) -> Json:
    return {"system": f"{_HL7}{system}", "code": code}


def _concept(system: str, code: str) -> Json:
    return {"coding": [_coding(system, code)]}


def _own(system: str, code: str, display: str) -> Json:
    return {"system": f"{OWN}{system}", "code": code, "display": display}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
