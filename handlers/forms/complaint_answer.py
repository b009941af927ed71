"""The form with which clinic or deputy answer a complaint."""

from __future__ import annotations

from handlers.forms.complaint import LONGEST
from handlers.forms.fields import Field, Form
from handlers.forms.kinds.choice import Choice, texts
from handlers.forms.kinds.words import Words, short_text
from models.rules.complaints import ComplaintOutcome

FORM = Form(
    name="complaint_answer",
    version=1,
    fields=(
        Field("outcome", Choice(texts("complaint_outcome", tuple(ComplaintOutcome)))),
        Field("text", Words(short_text(LONGEST), example="")),
    ),
)
