"""Pictures and documents.

Bot API, "Sending files" (photos to 10 MB, other files to 50 MB; by upload, by `attach://name`, by `file_id`),
"getFile" (files to 20 MB), "sendPhoto" (width and height together at most 10,000, their ratio at most 20).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.local.server.errors import ENTITY_TOO_LARGE, bad_request
from bot.local.server.messages import StoredFile
from bot.local.server.parameters import Parameters, Upload
from bot.local.server.pictures import picture_size

PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
_PREFIX = {"photo": b"\x02\x01", "document": b"\x05\x01"}


@dataclass(slots=True)
class FileStore:
    """The files that were sent, by their id and by their path."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    on_added: Callable[[StoredFile], None] | None = None

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep a file; refuse one that is empty, too large or not a picture where one is needed."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > UPLOAD_LIMIT:
            raise ENTITY_TOO_LARGE
        size = _photo_size(upload) if kind == "photo" else (0, 0)
        token = _PREFIX[kind] + secrets.token_bytes(24)
        suffix = PurePosixPath(upload.name).suffix or (".jpg" if kind == "photo" else "")
        stored = StoredFile(
            file_id=base64.urlsafe_b64encode(token).decode().rstrip("="),
            unique_id=base64.urlsafe_b64encode(hashlib.sha256(upload.content).digest()[:9]).decode(),
            kind=kind,
            name=PurePosixPath(upload.name.replace("\\", "/")).name or "file",
            mime_type=upload.mime_type or "application/octet-stream",
            path=f"{kind}s/file_{len(self.by_id)}{suffix}",
            length=len(upload.content),
            size=size,
        )
        self.remember(stored, upload.content)
        if self.on_added is not None:
            self.on_added(stored)
        return stored

    def remember(self, stored: StoredFile, content: bytes) -> None:
        """Keep a file with its content."""
        self.by_id[stored.file_id] = self.by_path[stored.path] = stored
        self.contents[stored.file_id] = content

    def named(self, kind: str, raw: str, parameters: Parameters, field_name: str) -> StoredFile:
        """Return the file that a parameter gives: an upload, `attach://name` or a known `file_id`."""
        upload = parameters.files.get(field_name)
        if raw.startswith("attach://"):
            upload = parameters.files.get(raw.removeprefix("attach://"))
            if upload is None:
                raise bad_request(f"there is no {kind} in the request")
        if upload is not None:
            return self.add(kind, upload)
        if not raw:
            raise bad_request(f"there is no {kind} in the request")
        return self._known(kind, raw)

    def _known(self, kind: str, raw: str) -> StoredFile:
        if raw.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        stored = self.by_id.get(raw)
        if stored is None:
            raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def downloadable(self, file_id: str) -> StoredFile:
        """Return the file that `getFile` names, or refuse it."""
        if not file_id:
            raise bad_request("file_id not specified")
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if stored.length > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return stored


def _photo_size(upload: Upload) -> tuple[int, int]:
    if len(upload.content) > PHOTO_LIMIT:
        words = f"file of size {len(upload.content)} bytes is too big for a photo"
        raise bad_request(f"{words}; the maximum size is {PHOTO_LIMIT} bytes")
    size = picture_size(upload.content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size
