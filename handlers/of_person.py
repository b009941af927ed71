"""What screens about one person share: a form about their health, the way back to their card."""

from __future__ import annotations

from handlers.context import Turn
from handlers.forms import runner
from locales.message import Button, Tap, Text
from models.rules.access import Actor
from models.store import residents
from models.store.errors import NoConsent


def to_card(person_id: int) -> Button:
    """Return the button that shows a person's card."""
    return Button(Text.of("card.back"), Tap.of("card", person_id))


async def open_health_form(turn: Turn, actor: Actor, form: str) -> None:
    """Open a form about the health of the person on the button.

    Raises:
        NoConsent: the person keeps no health record here.
    """
    brief = await residents.brief(turn.session, actor, turn.number(0))
    if not brief.has_health_consent:
        raise NoConsent
    turn.toast()
    person = str(brief.person.id)
    await runner.open_form(turn, form, {"resident": person}, subject=f"resident:{person}")
