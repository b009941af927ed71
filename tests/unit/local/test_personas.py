"""Who is played in local mode, and to whom the bot may write first."""

from __future__ import annotations

import pytest

from bot.local.demo.personas import PERSONAS, personas
from bot.local.server.errors import ApiError
from bot.local.server.people import Directory


def test_the_bot_may_write_to_its_staff_but_not_to_somebody_new() -> None:
    directory = Directory()
    for person in personas():
        directory.add_person(person)
    for persona in PERSONAS:
        if persona.role is not None:
            assert directory.writable(str(persona.user_id)).id == persona.user_id
        else:
            with pytest.raises(ApiError):
                directory.writable(str(persona.user_id))
