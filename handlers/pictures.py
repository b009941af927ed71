"""The picture of how things stand: asked for below the figures, drawn from the same, sent beside them.

The figures are told anew with it, so that both are of one moment, and the button that asked for it is gone. It is
drawn when that is committed.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers import figure_words, status
from handlers.context import Turn
from handlers.figure_words import Head
from handlers.picture_words import RATES, Series, Words
from handlers.status import Seen
from locales.message import Attachment, Message, Say, Text
from models.files.charts import Chart
from models.rules import periods
from models.rules.access import Actor, Permission
from models.rules.indicators.base import Nature
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.store.indicators import figures

FILE_NAME = "status.png"


async def picture(turn: Turn) -> None:
    """Send the picture of a period and, if one, of a village: of the township with its villages, or of one's months."""
    turn.require(Permission.COUNT_READ)
    period, village_id = status.period_of(turn), status.village_of(turn, 1)
    turn.expect_drawing()
    seen = await status.look(turn, period, village_id)
    chart = await _chart(turn, seen)
    turn.show(status.screen(turn, seen, is_pictured=True))
    _send(turn, chart, Text.of("pictures.caption", **_about(seen.head)))


async def by_village(turn: Turn) -> None:
    """Send the picture of one figure in every village: the period and the number of the indicator."""
    actor = status.reader(turn)
    period, code = status.period_of(turn), status.indicator_of(turn, 1)
    turn.expect_drawing()
    page = (await figures.ask(turn.session, actor, [code], period, turn.today))[code]
    head = await status.head(turn, actor, period, None)
    chart = Words(head, turn.language).indicator(page, await _series(turn, actor, [code], period))
    turn.show(status.by_village(head, page, is_pictured=True))
    _send(turn, chart, Text.of("pictures.caption_of", name=figure_words.name(code), **_about(head)))


async def _chart(turn: Turn, seen: Seen) -> Chart:
    words, village_id = Words(seen.head, turn.language), seen.village_id or seen.actor.village_id
    if village_id is not None:
        return words.village(seen.trends, await _series(turn, seen.actor, RATES, seen.head.period), village_id)
    shown = IndicatorCode.OVERDUE if IndicatorCode.OVERDUE in seen.trends else IndicatorCode.TIMELINESS
    return words.township(seen.trends, seen.trends[shown].now)


async def _series(turn: Turn, actor: Actor, codes: Sequence[IndicatorCode], period: Period) -> Series:
    """Return the twelve months up to the end of a period, or to this one, of what happens in a month."""
    counted = [code for code in codes if INDICATORS[code].table.nature is Nature.FLOW]
    if not counted:
        return {}
    months = periods.months_up_to(min(period.last, turn.today))
    return await figures.series(turn.session, actor, counted, months, turn.today)


def _send(turn: Turn, chart: Chart, caption: Text) -> None:
    turn.replies.append(Say(Message(caption, attachment=Attachment(FILE_NAME, chart, is_picture=True))))
    turn.toast()


def _about(head: Head) -> dict[str, object]:
    return {"place": head.place, "period": figure_words.period(head.period), "at": head.at}
