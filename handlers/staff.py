"""What an admin does: invite people and remove them."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers import invitation
from handlers.context import Turn
from locales.message import Button, Message, Rows, Say, Tap, Text, Verbatim
from models.rules.access import Permission, Role
from models.store import invites, places, staff
from models.store.errors import NotFound
from models.store.staff import StaffRow

INVITED = (Role.MANAGER, Role.CLINIC, Role.DEPUTY, Role.LEADER, Role.ADMIN)
_IN_A_VILLAGE = frozenset({Role.MANAGER})


async def invite(turn: Turn) -> None:
    """Ask whom to invite."""
    turn.require(Permission.STAFF_INVITE)
    options = [Button(Text.of(f"roles.{role}"), Tap.of("inv.role", role)) for role in INVITED]
    turn.show(Message(Text.of("invite.role_ask"), _columns(options, 2)))


async def invite_role(turn: Turn) -> None:
    """Ask for the place, where the role works in a village; else make the invite."""
    actor = turn.require(Permission.STAFF_INVITE)
    role = _role(turn)
    township = await places.get(turn.session, actor.township_id)
    if role not in _IN_A_VILLAGE:
        await _make(turn, role, township.code)
        return
    villages = await places.children(turn.session, township.id)
    options = [Button(Verbatim(each.name), Tap.of("inv.place", role, each.code)) for each in villages]
    turn.show(Message(Text.of("invite.place_ask", role=Text.of(f"roles.{role}")), _columns(options, 3)))


async def invite_place(turn: Turn) -> None:
    """Make the invite."""
    turn.require(Permission.STAFF_INVITE)
    await _make(turn, _role(turn), turn.argument(1))


def _role(turn: Turn) -> Role:
    role = turn.argument(0)
    if role not in set(INVITED):
        raise NotFound
    return Role(role)


async def _make(turn: Turn, role: Role, place_code: str) -> None:
    actor = turn.require(Permission.STAFF_INVITE)
    made = await invites.create(turn.session, actor, role, place_code)
    local = replace(made, expires_at=made.expires_at.astimezone(ZoneInfo(actor.zone)))
    turn.toast()
    turn.replies.append(Say(invitation.message(local, turn.bot_name)))


async def staff_list(turn: Turn) -> None:
    """List who works here; a tap on a person leads to removal."""
    actor = turn.require(Permission.STAFF_REMOVE)
    people = await staff.list_staff(turn.session, actor)
    if not people:
        turn.show(Message(Text.of("staff.empty")))
        return
    rows = tuple((Button(_line(row), Tap.of("staff.ask", row.id)),) for row in people)
    turn.show(Message(Text.of("staff.list", n=len(people)), rows, protect=True))


def _line(row: StaffRow) -> Text:
    return Text.of("staff.line", **_facts(row))


def _facts(row: StaffRow) -> dict[str, object]:
    return {"role": Text.of(f"roles.{row.role}"), "place": row.place_name, "name": row.name or "—"}


async def ask_removal(turn: Turn) -> None:
    """Ask whether the person is to be removed."""
    row = await _tapped(turn)
    buttons = (
        Button(Text.of("staff.remove_yes"), Tap.of("staff.remove", row.id)),
        Button(Text.of("staff.remove_no"), Tap.of("staff.keep")),
    )
    turn.show(Message(Text.of("staff.remove_ask", **_facts(row)), (buttons,), protect=True))


async def remove(turn: Turn) -> None:
    """Remove the person; drafts and buttons stop working with the same commit."""
    actor = turn.require(Permission.STAFF_REMOVE)
    row = await _tapped(turn)
    await staff.remove(turn.session, actor, row.id)
    turn.show(Message(Text.of("staff.removed", **_facts(row)), protect=True))


async def keep(turn: Turn) -> None:
    """Leave the person where they are."""
    turn.require(Permission.STAFF_REMOVE)
    await staff_list(turn)


async def _tapped(turn: Turn) -> StaffRow:
    actor = turn.require(Permission.STAFF_REMOVE)
    staff_id = turn.number(0)
    people = await staff.list_staff(turn.session, actor)
    for row in people:
        if row.id == staff_id:
            return row
    raise NotFound


def _columns(buttons: list[Button], count: int) -> Rows:
    return tuple(tuple(buttons[i : i + count]) for i in range(0, len(buttons), count))
