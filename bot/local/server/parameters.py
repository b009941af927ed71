"""What a method call carries.

Bot API, "Making requests": parameters come in the query string, as application/x-www-form-urlencoded,
application/json or multipart/form-data; structured ones are JSON in a string, or plain JSON in a JSON body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from aiohttp.web_request import FileField

from bot.local.server.errors import bad_request

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    content: bytes


@dataclass(slots=True)
class Parameters:
    """The parameters of a call by name, and the files that came with it."""

    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a parameter as text; empty when it is absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, int | float) else orjson.dumps(value).decode()

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as an integer; `default` when it is absent or isn't one."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Tell whether a parameter says yes."""
        return self.text(name).lower() in _TRUE

    def structure(self, name: str, what: str) -> Any:
        """Return a parameter that is JSON; `None` when it is absent, a 400 naming `what` when it can't be read."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f"Can't parse {what} JSON object") from None

    def described(self) -> dict[str, Any]:
        """Return the parameters for the record of calls: files by name and size only."""
        record = dict(self.values)
        for name, upload in self.files.items():
            record[name] = {"file_name": upload.name, "size": len(upload.content)}
        return record


async def read_parameters(request: web.Request) -> Parameters:
    """Read the parameters of a call, however they were sent."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    body = await request.read()
    if not body:
        return Parameters(values)
    if kind == "application/json":
        values.update(_read_json(body))
    elif kind == "application/x-www-form-urlencoded":
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Parameters(values)


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise bad_request("Can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("Object expected")
    return value


async def _read_multipart(request: web.Request, values: dict[str, Any]) -> Parameters:
    files: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, FileField):
            files[name] = Upload(part.filename, part.content_type, part.file.read())
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode("utf-8", "replace")
    return Parameters(values, files)
