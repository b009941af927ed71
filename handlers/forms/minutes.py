"""The form with which a chair tells what came of a meeting; nothing to say is an answer too."""

from __future__ import annotations

from handlers.forms.fields import Field, Form
from handlers.forms.kinds.words import Words, short_text

LONGEST = 2000
"""Characters of the minutes: with the rest of the form they fit a message."""

FORM = Form(name="minutes", version=1, fields=(Field("minutes", Words(short_text(LONGEST)), required=False),))
