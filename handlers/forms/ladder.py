"""The form of a township's ladder: after how many working days each role above the manager is told."""

from __future__ import annotations

from handlers.forms.fields import Field, Form
from handlers.forms.kinds.after import After
from models.rules.escalation import MOST_AFTER
from models.rules.roles import Role

ASKED = (Role.CLINIC, Role.DEPUTY, Role.LEADER)
"""The manager is told as it has always been."""
_QUICK = {Role.CLINIC: (1, 2, 3, 5), Role.DEPUTY: (5, 7, 10, 15), Role.LEADER: (10, 14, 20, 30)}

FORM = Form(
    name="ladder",
    version=1,
    fields=tuple(Field(role.value, After(_QUICK[role], MOST_AFTER), loads=True) for role in ASKED),
)
