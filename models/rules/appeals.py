"""Appeals against a final scorecard (申诉): what can be doubted, and what follows when the village is right."""

from __future__ import annotations

from enum import StrEnum

from models.rules.scorecards import OF_THE_DAY, Component


class AppealedPart(StrEnum):
    """What an appeal is about: a component, or the veto."""

    TIMELINESS = "timeliness"
    REPORTING = "reporting"
    CHECKUP_OFFER = "checkup_offer"
    INFORMED_CHOICE = "informed_choice"
    COMPLAINTS = "complaints"
    VETO = "veto"

    @property
    def component(self) -> Component | None:
        """The component; `None` of the veto."""
        return None if self is AppealedPart.VETO else Component(self.value)


class AppealState(StrEnum):
    """How far an appeal is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Effect(StrEnum):
    """What an accepted appeal does to the card."""

    RECOUNTED = "recounted"
    """The records were wrong and have been corrected: everything is counted anew."""
    LEFT_OUT = "left_out"
    """The component doesn't count this month."""
    DAY_LEFT_OUT = "day_left_out"
    """The check-up day doesn't count: the road was closed, the network was down."""


def effects(part: AppealedPart) -> tuple[Effect, ...]:
    """Return what accepting an appeal can do. A veto goes only with the finding that it rests on."""
    if part is AppealedPart.VETO:
        return (Effect.RECOUNTED,)
    of_day = (Effect.DAY_LEFT_OUT,) if part.component in OF_THE_DAY else ()
    return (Effect.RECOUNTED, Effect.LEFT_OUT, *of_day)


def taken_out(part: AppealedPart, effect: Effect) -> frozenset[Component]:
    """Return the components that don't count any more."""
    if effect is Effect.DAY_LEFT_OUT:
        return OF_THE_DAY
    return frozenset({part.component} if effect is Effect.LEFT_OUT and part.component is not None else ())
