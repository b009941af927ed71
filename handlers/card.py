"""The card: what is known of a person, what is due, and what can be done, each one tap away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.clinical import beside
from handlers.context import Turn
from handlers.wording import item_name, programme_name
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission, Role
from models.rules.changes import ResidentStatus
from models.rules.consent import needs_guardian
from models.rules.due import DueState, is_roster_place
from models.rules.methods import is_offered
from models.store import changes, handover_lines, places, residents
from models.store.enrolments import EnrolmentLine
from models.store.handover_lines import HandoverLine
from models.store.handovers import HandoverState
from models.store.persons import PersonLine
from models.store.residents import PersonCard


def _always(_actor: Actor, _shown: PersonCard) -> bool:
    return True


def _may_join(_actor: Actor, shown: PersonCard) -> bool:
    return shown.has_health_consent


def _consents_to_record(_actor: Actor, shown: PersonCard) -> bool:
    return shown.has_health_consent


def _may_be_counselled(_actor: Actor, shown: PersonCard) -> bool:
    return shown.has_health_consent and is_offered(shown.person.birth_date, shown.today)


def _may_have_account(_actor: Actor, shown: PersonCard) -> bool:
    return not needs_guardian(shown.person.birth_date, shown.today)


def _lacks_consent(_actor: Actor, shown: PersonCard) -> bool:
    return not shown.has_health_consent


def _may_leave(actor: Actor, shown: PersonCard) -> bool:
    return bool(_reported(actor, shown))


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done for a person: a button whose tap is `action` with the person.

    Attributes:
        permission: who is offered it.
        when: whether it makes sense for this person.
    """

    label: Text
    action: str
    permission: Permission
    when: Callable[[Actor, PersonCard], bool] = _always


ACTIONS = (
    Action(Text.of("card.join"), "join", Permission.VISIT_REPORT, _may_join),
    Action(Text.of("card.leave"), "leave.which", Permission.VISIT_REPORT, _may_leave),
    Action(Text.of("examinations.action"), "examination.of", Permission.CLINICAL_READ, _consents_to_record),
    Action(Text.of("referrals.action"), "referral.of", Permission.REFERRAL_MAKE, _consents_to_record),
    Action(Text.of("counsellings.action"), "choice.of", Permission.CHOICE_REPORT, _may_be_counselled),
    Action(Text.of("benefits.action"), "benefit.of", Permission.BENEFIT_ASK),
    Action(Text.of("card.consent_first"), "consent", Permission.PERSON_REGISTER, _lacks_consent),
    Action(Text.of("card.consent"), "consent", Permission.PERSON_REGISTER, _may_join),
    Action(Text.of("accounts.action"), "account", Permission.PERSON_REGISTER, _may_have_account),
    Action(Text.of("households.card"), "home", Permission.PERSON_REGISTER),
    Action(Text.of("card.change"), "change", Permission.PERSON_REGISTER),
    Action(Text.of("card.correct"), "register.fix", Permission.PERSON_REGISTER),
    Action(Text.of("card.handover"), "handover", Permission.HANDOVER_OFFER),
    Action(Text.of("card.history"), "history", Permission.PERSON_READ),
    Action(Text.of("portable.action"), "portable", Permission.PERSON_READ, _consents_to_record),
)
"""What a card offers below the reports, two a row."""


async def card(turn: Turn) -> None:
    """Show a person: what is known, what is due, what can be done."""
    actor = turn.require(Permission.PERSON_READ)
    shown = await residents.card(turn.session, actor, turn.number(0))
    village = await places.get(turn.session, shown.person.village_id)
    more = await beside(turn, actor, shown)
    buttons = (*more.first, *_buttons(actor, shown), *more.last)
    lines = (*await _whereabouts(turn, actor, shown.person), *_programmes(shown), *more.lines)
    turn.show(Message(_words(shown, village.name, more.alarms, lines), buttons, protect=True))
    turn.toast()


async def _whereabouts(turn: Turn, actor: Actor, person: PersonLine) -> list[Text]:
    """Return until when somebody is away, if that is known, and how far a hand-over is."""
    line = await handover_lines.of_person(turn.session, actor, person.id)
    handed = [_handover(line)] if line is not None else []
    if person.status is not ResidentStatus.AWAY:
        return handed
    away = await changes.standing(turn.session, actor, person.id)
    return handed if away is None or away.until is None else [Text.of("card.away_until", day=away.until), *handed]


def _programmes(shown: PersonCard) -> list[Text]:
    return [_consents(shown), *([_programme(line) for line in shown.enrolments] or [Text.of("card.no_programme")])]


def _words(shown: PersonCard, village: str, alarms: Sequence[Text], more: Sequence[Text]) -> Text:
    person = shown.person
    lines = [
        Text.of("card.title", name=person.name),
        *alarms,
        Text.of("card.place", sex=Text.of(f"choices.sex.{person.sex}"), village=village, group=person.group),
    ]
    if person.birth_date is not None:
        lines.append(Text.of("card.born", day=person.birth_date))
    if shown.phone is not None:
        lines.append(Text.of("card.phone", phone=shown.phone))
    return Text.of("card.screen", lines=[*lines, *more])


def _consents(shown: PersonCard) -> Text:
    given = [Text.of(f"choices.consent.{purpose}") for purpose in sorted(shown.consents)]
    return Text.of("card.consents", consents=given) if given else Text.of("card.no_consent")


def _handover(line: HandoverLine) -> Text:
    """Say that an offer is open, or that the person is here for a time."""
    if line.state is HandoverState.OFFERED:
        return Text.of("card.handover_offered", village=line.to_village, last=line.answer_by)
    key = "card.stay_due_back" if line.due_back else "card.stay"
    return Text.of(key, village=line.from_village)


def _programme(line: EnrolmentLine) -> Text:
    name, window = programme_name(line.schedule), line.due.window
    if line.waits:
        return Text.of("card.waits", programme=name)
    if line.paused:
        return Text.of("card.paused", programme=name)
    if window is None or line.due.state is DueState.CLOSED:
        return Text.of("card.nothing_due", programme=name)
    is_of_day = is_roster_place(line.schedule, window)
    item = Text.of("due.reason.checkup_day") if is_of_day else item_name(line.schedule, window.item)
    key = f"card.state_{line.due.state}"
    return Text.of(key, programme=name, item=item, opens=window.opens_on, closes=window.closes_on)


def _buttons(actor: Actor, shown: PersonCard) -> Rows:
    person_id = shown.person.id
    rows: list[tuple[Button, ...]] = [(Button(Text.of("card.checkup"), Tap.of("checkup.of", person_id)),)]
    rows += [(button,) for line in _reported(actor, shown) if (button := _action(actor, line)) is not None]
    offered = [
        Button(each.label, Tap.of(each.action, person_id))
        for each in ACTIONS
        if actor.may(each.permission) and each.when(actor, shown)
    ]
    return (*rows, *(tuple(offered[i : i + 2]) for i in range(0, len(offered), 2)))


def _reported(actor: Actor, shown: PersonCard) -> list[EnrolmentLine]:
    return [line for line in shown.enrolments if actor.role in line.schedule.reported_by]


def _action(actor: Actor, line: EnrolmentLine) -> Button | None:
    """Return what can be done in a programme: approve it or report a visit; a place on a roster has its own."""
    programme = line.schedule
    name = programme_name(programme)
    if line.waits:
        approve = Button(Text.of("card.approve", programme=name), Tap.of("approve", line.id))
        return approve if actor.role is Role.CLINIC else None
    if is_roster_place(programme, line.due.window):
        return None
    return Button(Text.of("card.report", programme=name), Tap.of("due.go", line.id))
