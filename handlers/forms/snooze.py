"""The form that lets something overdue wait: why, and until when."""

from __future__ import annotations

from handlers.forms.checkup import NOTE
from handlers.forms.conditions import ahead
from handlers.forms.fields import Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, texts
from models.rules.alerts import SnoozeReason
from models.rules.escalation import MOST_HELD

FORM = Form(
    name="snooze",
    version=1,
    fields=(
        Field("reason", Choice(texts("snooze_reason", tuple(SnoozeReason)))),
        Field("until", Day("future", MOST_HELD.days, quick=ahead)),
        NOTE,
    ),
)
