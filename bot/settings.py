"""Settings, all from the environment or a `.env` file, all with the prefix `SUIFANG_`.

`.env.example` explains each of them; a test holds it to this class.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can set."""

    model_config = SettingsConfigDict(
        env_prefix="SUIFANG_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
    )

    telegram_token: SecretStr | None = Field(
        default=None, description="The bot's token from @BotFather. Without it the bot runs in local mode."
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="The Bot API server: Telegram's, or your own."
    )
    webhook_url: str | None = Field(
        default=None,
        description="Public https address of this bot. Set: Telegram calls us. Empty: the bot asks (long polling).",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="Secret that Telegram sends with each webhook call, 16-256 of A-Z a-z 0-9 _ -.",
    )
    webhook_host: str = Field(default="127.0.0.1", description="Address on which webhook calls are taken.")
    webhook_port: int = Field(default=8443, description="Port on which webhook calls are taken.")
    data_dir: Path = Field(
        default=Path("data"), description="Folder for the SQLite file, and for local mode's key and chats."
    )
    database_url: str | None = Field(
        default=None,
        description="postgresql+asyncpg://user:password@host/name, or empty for a SQLite file in the data folder.",
    )
    secret_keys: SecretStr | None = Field(
        default=None,
        description="Keys that encrypt names, phones and identity numbers: id:base64[,id:base64…], the first is used "
        "for new data. Make one with `suifang keys new`. Local mode makes its own.",
    )
    log_format: Literal["console", "json"] = Field(default="console", description="Log lines for people or machines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")
    parallel_chats: int = Field(default=64, ge=1, le=1024, description="How many chats are served side by side.")
    messages_per_second: float = Field(
        default=25.0,
        gt=0,
        le=1000,
        description="How many messages a second the bot sends of its own accord, in all chats and by all processes "
        "together. Telegram takes about 30; replies are not held back.",
    )
    drain_seconds: float = Field(
        default=10.0, ge=0, description="How long a stop waits for what is under way, in seconds."
    )
    health_host: str = Field(default="127.0.0.1", description="Address on which /healthz and /metrics are served.")
    health_port: int = Field(
        default=9464, ge=0, le=65535, description="Port on which /healthz and /metrics are served; 0: not at all."
    )
    local_port: int = Field(default=8730, ge=0, le=65535, description="Port of the chat page in local mode; 0: any.")
    demo_seed: int = Field(default=2026, description="Number from which local mode makes its demo township.")
    demo_residents: int = Field(
        default=2000, ge=0, le=60000, description="How many synthetic residents the demo township has."
    )

    @field_validator("telegram_api_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("needs an http:// or https:// address, for example https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _async_driver(cls, value: str | None) -> str | None:
        if value is None:
            return None
        for short, full in (
            ("postgres://", "postgresql+asyncpg://"),
            ("postgresql://", "postgresql+asyncpg://"),
        ):
            if value.startswith(short):
                return full + value[len(short) :]
        if not value.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite:///")):
            raise ValueError("needs postgresql+asyncpg://user:password@host/name or sqlite+aiosqlite:///file")
        return value

    @model_validator(mode="after")
    def _webhook_is_secret(self) -> Settings:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError(
                "SUIFANG_WEBHOOK_SECRET is needed with SUIFANG_WEBHOOK_URL: 16-256 of A-Z a-z 0-9 _ -, "
                "for example what `openssl rand -hex 24` prints"
            )
        return self

    @field_validator("webhook_secret")
    @classmethod
    def _telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
            raise ValueError(
                "needs 16-256 characters of A-Z a-z 0-9 _ -, for example what `openssl rand -hex 24` prints"
            )
        return value

    @property
    def is_local(self) -> bool:
        """Whether the bot talks to its own Bot API server instead of Telegram."""
        return self.telegram_token is None

    @property
    def database(self) -> str:
        """The database address: as set, or the SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url
        return f"sqlite+aiosqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """The SQLite file in the data folder, used when no address is set."""
        return (self.data_dir / ("local.sqlite3" if self.is_local else "suifang.sqlite3")).resolve()
