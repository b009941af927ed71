"""Refusals, worded as the Bot API words them.

Bot API, "Making requests": an unsuccessful answer has `ok` false, a `description`, an `error_code` and sometimes
`parameters` (see "ResponseParameters").
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A method call that is refused.

    Attributes:
        code: the HTTP status and `error_code`.
        description: the words a bot sees.
        parameters: `retry_after` (seconds) or `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, int] | None = None) -> None:
        """Refuse with `code` and `description`."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_json(self) -> dict[str, Any]:
        """Return the body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(message: str) -> ApiError:
    """Return a 400 with `message`, its first letter lowered unless an upper-case word starts it."""
    is_code = len(message) > 1 and (message[1] == "_" or "A" <= message[1] <= "Z")
    words = message if is_code else message[:1].lower() + message[1:]
    return ApiError(400, f"Bad Request: {words}")


def forbidden(message: str) -> ApiError:
    """Return a 403 with `message`."""
    return ApiError(403, f"Forbidden: {message}")


def too_many(retry_after: int) -> ApiError:
    """Return a 429 that asks to wait `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def migrated(chat_id: int) -> ApiError:
    """Return the 400 that names the supergroup a group has become ("ResponseParameters")."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, words, {"migrate_to_chat_id": chat_id})


UNAUTHORIZED = ApiError(401, "Unauthorized")
METHOD_NOT_FOUND = ApiError(404, "Not Found: method not found")
ENTITY_TOO_LARGE = ApiError(413, "Request Entity Too Large")
