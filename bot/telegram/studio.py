"""Files of answers drawn before they leave: after the commit, so that nobody waits for a drawing to write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.telegram.calls import Call
from bot.telegram.rendering import Translate
from locales.message import Text
from models.files.aside import NotDrawn
from models.files.easel import Easel


class Studio:
    """Draws what calls carry."""

    def __init__(self, easel: Easel, translate: Translate, log: Any) -> None:
        """Draw on `easel`."""
        self._easel = easel
        self._translate = translate
        self._log = log

    async def finished(self, call: Call, language: str) -> Call:
        """Return `call` with its file drawn; where that can't be done, with words that say so in place of it."""
        upload = call.upload
        if upload is None or not upload.is_sheet:
            return call
        try:
            content = await self._easel.draw(upload.content)
        except NotDrawn:
            self._log.error("file_not_drawn", method=call.method)
            return self._apology(call, language)
        return replace(call, upload=replace(upload, content=content, is_sheet=False))

    def _apology(self, call: Call, language: str) -> Call:
        sorry = self._translate(language).render(Text.of("replies.not_drawn"))
        params = {key: value for key, value in call.params.items() if key != "caption"}
        params["text"] = f"{call.params['caption']}\n\n{sorry}"
        return replace(call, method="sendMessage", params=params, field="", upload=None)
