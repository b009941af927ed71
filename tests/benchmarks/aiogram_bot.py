"""The same form in aiogram-dialog, in memory: `python -m tests.benchmarks.aiogram_bot API TOKEN`.

Set up as fast as its documentation allows: uvloop, orjson, polling with updates as tasks, states in memory. It edits
its message in place and deletes what was typed, as Suifang does, so that both make the same calls.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import Any

import orjson
import uvloop
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage, SimpleEventIsolation
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, ShowMode, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Back, Button, Cancel, Group, Select, SwitchTo
from aiogram_dialog.widgets.text import Const, Format, Multi

from models.rules import bloodpressure, numbers
from models.rules.outcomes import Outcome
from tests.benchmarks.questions import FACTS, FIELDS, SAVED, ask, label, option, words

CHOICES = {
    "outcome": [(code, option("outcome", code)) for code in Outcome],
    "medication": [(code, option("medication", code)) for code in ("regular", "irregular", "stopped", "none")],
    "reaction": [(code, option("is_there", code)) for code in ("yes", "no")],
}
HEADING = f"📝 <b>{words('forms.visit.title')}</b> · {FACTS['name']}（{words('programmes.hypertension.name')}）"
TYPED = {
    "bp": lambda typed: "{0.sbp}/{0.dbp}".format(bloodpressure.parse(typed)),
    "weight": lambda typed: str(numbers.parse_decimal(typed, "62", 1)),
}


class Report(StatesGroup):
    """Where a person is in the form."""

    outcome = State()
    bp = State()
    medication = State()
    weight = State()
    reaction = State()
    review = State()


async def _chosen(_callback: CallbackQuery, widget: Any, manager: DialogManager, item: str) -> None:
    field = widget.widget_id
    manager.dialog_data[field] = dict(CHOICES[field])[item]
    await manager.next()


async def _typed(message: Message, widget: Any, manager: DialogManager, value: str) -> None:
    manager.dialog_data[widget.widget.widget_id] = value
    manager.show_mode = ShowMode.EDIT
    await manager.next()
    await message.delete()


async def _save(callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    assert isinstance(callback.message, Message)
    await manager.done(show_mode=ShowMode.NO_UPDATE)
    await callback.message.edit_text(words(SAVED))


def _lines(before: tuple[str, ...]) -> list[Any]:
    lines = [Format(f"▫️ {label(field)}：<b>{{dialog_data[{field}]}}</b>") for field in before]
    return [Const(HEADING), *lines]


def _question(index: int, field: str) -> Window:
    navigation = [Cancel(Const(words("forms.cancel")))]
    if index:
        navigation.insert(0, Back(Const(words("forms.back"))))
    text = Multi(*_lines(FIELDS[:index]), Const(f"\n{ask(field)}"))
    if field in TYPED:
        answer: Any = TextInput(id=field, type_factory=TYPED[field], on_success=_typed)
    else:
        select = Select(Format("{item[1]}"), field, lambda item: item[0], CHOICES[field], on_click=_chosen)
        answer = Group(select, width=2)
    return Window(text, answer, Group(*navigation, width=2), state=getattr(Report, field))


def _review() -> Window:
    changes = [
        SwitchTo(Const(words("forms.change", label=label(field))), f"to_{field}", getattr(Report, field))
        for field in FIELDS
    ]
    return Window(
        Multi(*_lines(FIELDS), Const(words("forms.look_over"))),
        Button(Const(words("forms.save")), "save", on_click=_save),
        Group(*changes, width=2),
        Cancel(Const(words("forms.cancel"))),
        state=Report.review,
    )


async def _form(_message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(Report.outcome, mode=StartMode.RESET_STACK)


async def run(api_url: str, token: str) -> None:
    """Run until SIGTERM."""
    session = AiohttpSession(
        api=TelegramAPIServer.from_base(api_url),
        json_loads=orjson.loads,
        json_dumps=lambda value: orjson.dumps(value).decode(),
    )
    bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML", protect_content=True))
    # Without isolation an answer that comes at once meets the state from before the last one.
    dispatcher = Dispatcher(storage=MemoryStorage(), events_isolation=SimpleEventIsolation())
    dispatcher.message.register(_form, Command("form"), F.chat.type == "private")
    dispatcher.include_router(Dialog(*(_question(i, field) for i, field in enumerate(FIELDS)), _review()))
    setup_dialogs(dispatcher)
    gc.collect()
    gc.freeze()
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(run(*sys.argv[1:3]))
