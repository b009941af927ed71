"""python-telegram-bot's HTTP layer on aiohttp instead of httpx.

`AiohttpRequest` serves the library through `BaseRequest` and our own calls through `call`, over the same
connections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import aiohttp
import orjson
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.telegram.errors import InDoubt, InDoubtInTime, NotSent, NotSentInTime, TooLarge, Unsendable, refusal

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds; `None` waits for ever.

    Attributes:
        read: for the answer, once the request has left.
        write: for the request to leave.
        media_write: the same when files are uploaded.
        connect: for a new connection.
        pool: for a free connection.
    """

    read: float | None = 10.0
    write: float | None = 5.0
    media_write: float | None = 30.0
    connect: float | None = 5.0
    pool: float | None = 5.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call.

    Attributes:
        is_sheet: it must be drawn yet; until then `content` is the packed sheet.
    """

    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    is_sheet: bool = False


class AiohttpRequest(BaseRequest):
    """Requests to a Bot API server on one pool of kept-alive connections."""

    __slots__ = ("_pool_size", "_proxy", "_session", "_timeouts")

    def __init__(self, *, pool_size: int = 256, timeouts: Timeouts | None = None, proxy: str | None = None) -> None:
        """Use at most `pool_size` connections at once, through `proxy` if one is given."""
        self._pool_size = pool_size
        self._timeouts = timeouts or Timeouts()
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer when a call doesn't say."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the pool of connections; does nothing when it is open."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._pool_size, ttl_dns_cache=60)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                skip_auto_headers=("Accept", "Accept-Encoding"),
            )

    async def shutdown(self) -> None:
        """Close every connection; does nothing when they are closed."""
        if self._session is not None and not self._session.closed:
            await self._session.close()

    async def call(
        self,
        url: str,
        params: Mapping[str, Any],
        uploads: Mapping[str, Upload] | None = None,
        *,
        read_timeout: float | None = None,
    ) -> Any:
        """Call the Bot API method at `url` and return its result.

        Raises:
            NotSent: the request certainly had no effect.
            InDoubt: it may have had its effect.
            Unsendable: no request can be made of it.
            telegram.error.TelegramError: the server refused; see `bot.telegram.errors.refusal`.
        """
        limits = _timeout(self._timeouts, read_timeout, bool(uploads))
        if uploads:
            _, payload = await self._exchange("POST", url, limits, data=_form(params, uploads))
        else:
            _, payload = await self._exchange("POST", url, limits, data=orjson.dumps(params), headers=_JSON)
        return _result(payload)

    async def download(self, url: str, most: int) -> bytes:
        """Return what is at `url`, if it has at most `most` bytes.

        Raises:
            TooLarge: it has more; the rest was not read.
            NotSent, InDoubt, telegram.error.TelegramError: as `call` does.
        """
        limits = _timeout(self._timeouts, self._timeouts.media_write, uploads=False)
        _, content = await self._exchange("GET", url, limits, most=most)
        return content

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request for python-telegram-bot and return status and body of a 2xx answer.

        Raises:
            NotSent, InDoubt, telegram.error.TelegramError: as `call` does.
        """
        files = request_data.multipart_data if request_data else {}
        chosen = self._chosen(read_timeout, write_timeout, connect_timeout, pool_timeout)
        limits = _timeout(chosen, None, bool(files))
        if request_data is None:
            return await self._exchange(method, url, limits)
        if files:
            return await self._exchange(method, url, limits, data=_library_form(request_data))
        body = orjson.dumps(request_data.parameters)
        return await self._exchange(method, url, limits, data=body, headers=_JSON)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer; unlike the library's own, it writes nothing of it to a log."""
        answer = _parsed(payload)
        if not isinstance(answer, dict):
            raise InDoubt("The server's answer is not a JSON object")
        return answer

    def _chosen(self, read: object, write: object, connect: object, pool: object) -> Timeouts:
        own = self._timeouts
        if read is write is connect is pool is BaseRequest.DEFAULT_NONE:
            return own
        return Timeouts(
            read=_either(read, own.read),
            write=_either(write, own.write),
            media_write=_either(write, own.media_write),
            connect=_either(connect, own.connect),
            pool=_either(pool, own.pool),
        )

    async def _exchange(
        self,
        method: str,
        url: str,
        limits: aiohttp.ClientTimeout,
        *,
        data: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        most: int | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None or self._session.closed:
            raise RuntimeError("This request object is not initialized")
        failure: TelegramError
        try:
            async with self._session.request(
                method,
                _address(url),
                data=data,
                headers=headers,
                timeout=limits,
                allow_redirects=False,
                proxy=self._proxy,
            ) as response:
                status, payload = response.status, await _body(response, most)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            failure = _transport_failure(error)
        else:
            if 200 <= status <= 299:
                return status, payload
            raise refusal(status, payload)
        raise failure  # outside the handler: aiohttp's errors spell out the address, and so the token


async def _body(response: aiohttp.ClientResponse, most: int | None) -> bytes:
    if most is None:
        return await response.read()
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > most:
            raise TooLarge("The file is larger than asked for")
    return bytes(content)


def _transport_failure(error: BaseException) -> TelegramError:
    name = type(error).__name__
    cause = getattr(error, "os_error", None)
    words = f"{name} ({type(cause).__name__})" if cause is not None else name
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotSentInTime(words)
    if isinstance(error, _NEVER_LEFT):
        return NotSent(words)
    if isinstance(error, TimeoutError):
        return InDoubtInTime(words)
    if isinstance(error, ValueError):
        return Unsendable(words)
    return InDoubt(words)


def _result(payload: bytes) -> Any:
    answer = _parsed(payload)
    if not isinstance(answer, dict) or "result" not in answer:
        raise InDoubt("The server's answer has no result")
    return answer["result"]


def _parsed(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


def _either(given: object, own: float | None) -> float | None:
    if given is None or isinstance(given, int | float):
        return given
    return own


@lru_cache(maxsize=64)
def _address(url: str) -> URL:
    return URL(url, encoded=True)


@lru_cache(maxsize=64)
def _timeout(timeouts: Timeouts, read: float | None, uploads: bool) -> aiohttp.ClientTimeout:
    write = timeouts.media_write if uploads else timeouts.write
    answer = _sum(write, timeouts.read if read is None else read)
    connect = _sum(timeouts.pool, timeouts.connect)
    return aiohttp.ClientTimeout(
        total=_sum(connect, answer), connect=connect, sock_connect=timeouts.connect, sock_read=answer
    )


def _sum(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _form(params: Mapping[str, Any], uploads: Mapping[str, Upload]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for key, value in params.items():
        form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
    for key, upload in uploads.items():
        form.add_field(key, upload.content, filename=upload.name, content_type=upload.media_type)
    return form


def _library_form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for key, value in data.json_parameters.items():
        form.add_field(key, value)
    for key, (name, content, media_type) in data.multipart_data.items():
        form.add_field(key, content, filename=name, content_type=media_type)
    return form
