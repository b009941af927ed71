"""Delivery of updates by webhook.

Bot API, "setWebhook", "getWebhookInfo", "deleteWebhook", "Making requests when getting updates". Updates of one
chat are delivered in order, chats side by side up to `max_connections`; what is not answered 2xx is delivered
again. Like a self-hosted server in local mode, plain HTTP and any port are taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.local.server.errors import bad_request
from bot.local.server.parameters import Parameters

DEFAULT_CONNECTIONS = 40
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(slots=True)
class Webhook:
    """Where updates are delivered; no `url` means nowhere.

    Attributes:
        error_date: seconds since 1970 of the last failed delivery.
        on_changed: told when the webhook is set or taken away.
    """

    url: str = ""
    secret: str = ""
    max_connections: int = 0
    ip_address: str = ""
    error_date: int = 0
    error: str = ""
    on_changed: Callable[[], None] | None = None

    def set(self, parameters: Parameters) -> None:
        """Set the webhook a call describes, or refuse it."""
        url = parameters.text("url")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = parameters.text("secret_token")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        wanted = parameters.integer("max_connections", DEFAULT_CONNECTIONS)
        self.url, self.secret = url, secret
        self.max_connections = min(max(wanted, 1), 100)
        self.ip_address = parameters.text("ip_address")
        self._start_anew()

    def unset(self) -> None:
        """Take the webhook away."""
        self.url, self.secret, self.max_connections, self.ip_address = "", "", 0, ""
        self._start_anew()

    def _start_anew(self) -> None:
        self.error, self.error_date = "", 0
        if self.on_changed is not None:
            self.on_changed()

    def to_json(self, pending: int, allowed: list[str]) -> dict[str, Any]:
        """Return the webhook as a `WebhookInfo`."""
        info: dict[str, Any] = {"url": self.url, "has_custom_certificate": False, "pending_update_count": pending}
        if self.error_date:
            info.update(last_error_date=self.error_date, last_error_message=self.error)
        if self.url:
            info["max_connections"] = self.max_connections
            info["ip_address"] = self.ip_address or urlsplit(self.url).hostname
        if allowed:
            info["allowed_updates"] = allowed
        return info
