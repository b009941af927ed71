"""What each role finds on its keyboard and in its command menu."""

from __future__ import annotations

from handlers.context import Turn
from locales.message import Commands, Menu, Message, Say, Text
from models.rules.access import Actor, Role

_TEAM = Menu(
    (
        ("menu.due", "menu.roster"),
        ("menu.checkup", "menu.visit"),
        ("menu.register", "menu.find"),
        ("menu.todo", "menu.mine"),
        ("menu.calendar", "menu.me", "menu.help"),
    )
)
_COUNTS = Menu(
    (("menu.status", "menu.meeting"), ("menu.decisions", "menu.todo"), ("menu.calendar", "menu.me", "menu.help"))
)

KEYBOARDS: dict[Role, Menu] = {
    Role.RESIDENT: Menu((("menu.own", "menu.complaints"), ("menu.calendar", "menu.me", "menu.help"))),
    Role.MANAGER: _TEAM,
    Role.CLINIC: Menu(
        (
            ("menu.due", "menu.roster"),
            ("menu.checkup", "menu.visit"),
            ("menu.register", "menu.find"),
            ("menu.todo", "menu.mine"),
            ("menu.status",),
            ("menu.calendar", "menu.me", "menu.help"),
        )
    ),
    Role.DEPUTY: _COUNTS,
    Role.LEADER: _COUNTS,
    Role.ADMIN: Menu((("menu.invite", "menu.staff"), ("menu.calendar", "menu.me", "menu.help"))),
}

_EVERYBODY = ("calendar", "settings", "menu", "me", "language", "help")
_REPORTING = (
    "due",
    "todo",
    "alerts",
    "find",
    "roster",
    "paper",
    "checkup",
    "visit",
    "register",
    "mine",
    "duplicates",
    "template",
    "referrals",
    "handovers",
    "benefits",
    "meeting",
    "decisions",
    "why",
    "resume",
    "cancel",
)

_FIGURES = ("define", "report", "scorecard")
_HEADS = (
    *("todo", "status", "ask", *_FIGURES, "target", "births", "benefits"),
    *("alerts", "meeting", "decisions", "notice", "why"),
)

COMMANDS: dict[Role, tuple[str, ...]] = {
    Role.RESIDENT: ("own", "complaint", *_EVERYBODY),
    Role.MANAGER: (*_REPORTING, "status", *_FIGURES, *_EVERYBODY),
    Role.CLINIC: (*_REPORTING, "grants", "complaints", "status", "ask", *_FIGURES, "births", "extract", *_EVERYBODY),
    Role.DEPUTY: (*_HEADS, "complaints", *_EVERYBODY),
    Role.LEADER: (*_HEADS, *_EVERYBODY),
    Role.ADMIN: ("invite", "staff", "ladder", "complaints", "target", "births", "notice", *_EVERYBODY),
}


def show_menu(turn: Turn, actor: Actor, text: Text) -> None:
    """Say `text` with the role's keyboard, and set the role's commands."""
    turn.replies.append(Commands(COMMANDS[actor.role]))
    turn.replies.append(Say(Message(text, menu=KEYBOARDS[actor.role])))


def take_menu_away(turn: Turn, text: Text) -> None:
    """Say `text` and leave a stranger's chat without keyboard and commands."""
    turn.replies.append(Commands(("start", "help")))
    turn.replies.append(Say(Message(text, menu=Menu())))


async def menu(turn: Turn) -> None:
    """Show the keyboard again."""
    if turn.actor is None:
        take_menu_away(turn, Text.of("enrol.stranger"))
    else:
        show_menu(turn, turn.actor, Text.of("menu.shown"))
