"""The forms with which a time that no button has is chosen: of the morning's messages, and of the quiet hours."""

from __future__ import annotations

from datetime import time

from handlers.forms.fields import Field, Form
from handlers.forms.kinds.clock import Clock

_EVENING = (time(20), time(21), time(22))
_MORNING = (time(7), time(7, 30), time(8))

DIGEST = Form("digest_hour", 1, (Field("at", Clock(quick=_MORNING)),))
QUIET = Form(
    name="quiet_hours",
    version=1,
    fields=(
        Field("start", Clock(quick=_EVENING), loads=True),
        Field("end", Clock(quick=_MORNING), loads=True),
    ),
)
