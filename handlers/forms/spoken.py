"""Words typed in a form that mean a button below its question: the next step, not the answer."""

from __future__ import annotations

from handlers.forms.engine import BACK, CANCEL, SAVE, SKIP, Answer, Pressed, Typed
from handlers.forms.fields import Form
from handlers.forms.kinds.choice import Several
from handlers.forms.state import REVIEW, FormState
from models.rules.spoken import Wish, wish

_DONE = "d"
_ANYWHERE = {Wish.BACK: BACK, Wish.CANCEL: CANCEL}


def meant(form: Form, state: FormState, answer: Answer) -> Answer:
    """Return the button that was typed by its name, where there is one now, or else the answer as it is."""
    asked = wish(answer.text) if isinstance(answer, Typed) else None
    op = None if asked is None else _op(form, state, asked)
    return answer if op is None else Pressed(op, revision=state.revision)


def _op(form: Form, state: FormState, asked: Wish) -> str | None:
    if state.at == REVIEW:
        return {Wish.SAVE: SAVE, Wish.CANCEL: CANCEL}.get(asked)
    field = form.field(state.at)
    if asked is Wish.SKIP:
        return None if field.required else SKIP
    if asked is Wish.DONE:
        return _DONE if isinstance(field.kind, Several) else None
    return None if asked is Wish.BACK and not state.path else _ANYWHERE.get(asked)
