"""Pictures and documents: sending, sending again, downloading, and what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import aiohttp
import pytest
from telegram.error import BadRequest, TelegramError

from tests.integration.bot_api.conftest import WANG, Played


def png(width: int = 4, height: int = 3) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def test_a_document_comes_back_as_it_was_sent(played: Played) -> None:
    content = bytes(range(256))
    message = await played.bot.send_document(WANG, content, filename="名单.csv", caption="c")
    assert (message.document.file_name, message.document.file_size) == ("名单.csv", 256)
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == content


async def test_a_picture_has_a_size_and_can_be_sent_again(played: Played) -> None:
    message = await played.bot.send_photo(WANG, png(40, 30))
    (photo,) = message.photo
    assert (photo.width, photo.height) == (40, 30)
    again = await played.bot.send_photo(WANG, photo.file_id)
    assert again.photo[0].file_unique_id == photo.file_unique_id
    with pytest.raises(BadRequest, match="Can't use file of type photo as document"):
        await played.bot.send_document(WANG, photo.file_id)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "Image_process_failed"),
        (png(10_000, 1), "Photo_invalid_dimensions"),
        (png(100, 4), "Photo_invalid_dimensions"),
    ],
)
async def test_bad_pictures(played: Played, content: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await played.bot.send_photo(WANG, content)


async def test_what_else_is_refused(played: Played) -> None:
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await played.bot.send_document(WANG, io.BytesIO(b""), filename="a")
    for fields, words in (
        ({}, "there is no document in the request"),
        ({"document": "attach://x"}, "there is no document in the request"),
        ({"document": "nonsense"}, "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"),
        ({"document": "https://example.org/a"}, "failed to get HTTP URL content"),
    ):
        assert await played.refusal("sendDocument", chat_id=WANG, **fields) == f"Bad Request: {words}"
    assert await played.refusal("getFile", file_id="nonsense") == "Bad Request: invalid file_id"
    assert await played.refusal("getFile") == "Bad Request: file_id not specified"


async def test_captions_hold_1024_units(played: Played) -> None:
    assert await played.bot.send_document(WANG, b"x", filename="a", caption="字" * 1024)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await played.bot.send_document(WANG, b"x", filename="a", caption="字" * 1025)


async def test_a_person_uploads_a_document(played: Played) -> None:
    form = aiohttp.FormData({"caption": "给您"})
    form.add_field("file", b"a,b", filename="in.csv", content_type="text/csv")
    async with played.http.post(f"/control/chats/{WANG}/file", data=form) as answer:
        assert answer.status == 200
    (update,) = await played.bot.get_updates()
    assert (update.message.document.mime_type, update.message.caption) == ("text/csv", "给您")
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"a,b"


async def test_downloads_need_the_token_and_a_known_path(played: Played) -> None:
    message = await played.bot.send_document(WANG, b"x", filename="a.txt")
    path = (await message.document.get_file()).file_path
    async with played.http.get(path.replace(played.address, "").replace("TEST", "OTHER")) as answer:
        assert answer.status == 401
    async with played.http.get(path.replace(played.address, "") + "x") as answer:
        assert answer.status == 404


async def test_files_over_20_mb_can_not_be_downloaded(played: Played) -> None:
    message = await played.bot.send_document(WANG, b"x" * (20 * 1024 * 1024 + 1), filename="big.bin")
    with pytest.raises(TelegramError, match="File is too big"):
        await message.document.get_file()
