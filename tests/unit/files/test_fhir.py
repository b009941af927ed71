"""The portable record: what other systems' models say of it, and that it says what the store keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.files.fhir import Appointment, Choice, Consent, Encounter, Patient, PortableRecord, Where
from models.rules.methods import CODES, Method
from models.rules.sex import Sex

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNITS = {
    "8480-6": ("sbp", 1, "mm[Hg]"),
    "8462-4": ("dbp", 1, "mm[Hg]"),
    "8867-4": ("pulse", 1, "/min"),
    "8310-5": ("temperature", 10, "Cel"),
    "29463-7": ("weight", 10, "kg"),
    "8302-2": ("height", 10, "cm"),
    "8280-0": ("waist", 10, "cm"),
    "14771-0": ("glucose", 10, "mmol/L"),
}
"""By LOINC code: what the store calls it, how many of its units make one, the UCUM unit."""
RESOURCES = {"Patient", "Encounter", "Observation", "Appointment", "Consent"}
LIMITS = {
    "pulse": (30, 220),
    "temperature": (340, 420),
    "weight": (250, 2000),
    "height": (1000, 2200),
    "waist": (400, 1600),
    "glucose": (10, 350),
}
days = st.dates(date(2020, 1, 1), date(2027, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC).astimezone(SHANGHAI)
)
words = st.text("王李张高血压随访abc<&\"'", min_size=1, max_size=8)
ids = st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number, version=4))


@st.composite
def measured(draw: st.DrawFn) -> dict[str, int]:
    found = {name: draw(st.integers(*LIMITS[name])) for name in draw(st.sets(st.sampled_from(sorted(LIMITS))))}
    if draw(st.booleans()):
        found |= {"sbp": draw(st.integers(60, 260)), "dbp": draw(st.integers(30, 59))}
    return found


encounters = st.builds(
    Encounter,
    *(ids, st.sampled_from(["checkup", "hypertension"]), words, days, moments),
    *(st.sampled_from(Where), st.booleans(), measured()),
)


def apart(record: PortableRecord) -> bool:
    """Return whether each thing has an id of its own, as what the store makes has."""
    things = (record.encounters, record.choices, record.appointments, record.consents)
    ids = [record.patient.id, *(one.id for each in things for one in each)]
    return len(set(ids)) == len(ids)


records = st.builds(
    PortableRecord,
    *(ids, st.sampled_from(["zh-CN", "en"]), moments),
    st.builds(Patient, ids, words, st.sampled_from(Sex), st.none() | days, words),
    st.lists(encounters, max_size=4),
    st.lists(st.builds(Choice, ids, days, moments, st.sampled_from(list(CODES.values())), words), max_size=2),
    st.lists(st.builds(Appointment, ids, words, words, days, days), max_size=2),
    st.lists(st.builds(Consent, ids, st.just("CONTACT"), words, moments, st.none() | moments), max_size=3),
).filter(apart)


@settings(max_examples=15, deadline=None)
@given(records)
def test_a_document_is_valid_complete_and_closed(record: PortableRecord) -> None:
    """R4B's models are those of R4 for these resources: R4B changed none of their elements."""
    from fhir.resources.R4B.bundle import Bundle

    document = orjson.loads(record.content())
    Bundle.model_validate(document)
    there = {entry["fullUrl"] for entry in document["entry"]}
    assert set(references(document)) <= there
    assert {entry["resource"]["resourceType"] for entry in document["entry"]} <= RESOURCES
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in document["entry"])
    assert read_back(document) == [
        (one.on.isoformat(), one.took_place, dict(one.measures)) for one in record.encounters
    ]
    assert [one["status"] for one in of_kind(document, "Consent")] == [
        "active" if one.withdrawn_at is None else "inactive" for one in record.consents
    ]


def read_back(document: Any) -> list[tuple[str, bool, dict[str, int]]]:
    """Return the encounters as another system reads them: the day, whether it took place, what was measured."""
    found = []
    for encounter in of_kind(document, "Encounter"):
        values: dict[str, int] = {}
        for one in of_kind(document, "Observation"):
            if one.get("encounter", {}).get("reference") == f"urn:uuid:{encounter['id']}":
                values |= dict(quantities(one))
        found.append((encounter["period"]["start"], encounter["status"] == "finished", values))
    return found


def quantities(observation: Any) -> Iterator[tuple[str, int]]:
    for one in observation.get("component", [observation]):
        code = one["code"]["coding"][0]["code"]
        if code == "39156-5":  # follows from two others
            continue
        name, parts, unit = UNITS[code]
        quantity = one["valueQuantity"]
        assert quantity["code"] == unit and quantity["system"] == "http://unitsofmeasure.org"
        yield name, round(quantity["value"] * parts)


def of_kind(document: Any, kind: str) -> list[Any]:
    return [entry["resource"] for entry in document["entry"] if entry["resource"]["resourceType"] == kind]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "reference" in node:
            yield node["reference"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def record(**values: Any) -> PortableRecord:
    at = datetime(2026, 3, 16, 9, 30, tzinfo=SHANGHAI)
    met = Encounter(uuid4(), "hypertension", "高血压", date(2026, 3, 10), at, Where.AT_HOME, True, values)
    chosen = Choice(uuid4(), date(2026, 3, 1), at, CODES[Method.DMPA_SC], "三月针")
    return PortableRecord(
        uuid4(), "zh-CN", at, Patient(uuid4(), "王秀英", Sex.FEMALE, None, "镇村"), [met], [chosen],
        [Appointment(uuid4(), "hypertension", "季度随访", date(2026, 6, 1), date(2026, 6, 1) + timedelta(days=14))],
        [Consent(uuid4(), "CONTACT", "打电话", at, None)],
    )  # fmt: skip


def test_blood_pressure_is_a_panel_and_the_index_follows() -> None:
    found = of_kind(record(sbp=128, dbp=82, weight=620, height=1600).bundle(), "Observation")
    codes = {one["code"]["coding"][0]["code"]: one for one in found}
    assert codes.keys() == {"85354-9", "29463-7", "8302-2", "39156-5", "method"}
    assert [one["valueQuantity"]["value"] for one in codes["85354-9"]["component"]] == [128, 82]
    assert codes["39156-5"]["valueQuantity"]["value"] == pytest.approx(24.2)
    assert codes["29463-7"]["valueQuantity"] == {
        **{"value": 62.0, "unit": "kg"},
        **{"system": "http://unitsofmeasure.org", "code": "kg"},
    }


def test_moments_have_a_zone_and_dates_have_none() -> None:
    document = record(pulse=70).bundle()
    (visit,), (consent,), (ahead,) = (of_kind(document, kind) for kind in ("Encounter", "Consent", "Appointment"))
    assert document["timestamp"] == "2026-03-16T09:30:00+08:00" == consent["dateTime"]
    assert (visit["period"]["start"], visit["class"]["code"], visit["status"]) == ("2026-03-10", "HH", "finished")
    assert (ahead["status"], ahead["requestedPeriod"]) == ("proposed", [{"start": "2026-06-01", "end": "2026-06-15"}])


def test_a_method_has_the_dictionarys_code() -> None:
    document = record().bundle()
    (chosen,) = of_kind(document, "Observation")
    assert chosen["valueCodeableConcept"]["coding"] == [
        {"system": "http://smart.who.int/hiv/CodeSystem/HIVConcepts", "code": "HIV.D.DE575"}
    ]
