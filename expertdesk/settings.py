"""One frozen object with every setting, read once from the environment (contract: settings).

All problems are reported together. Production refuses an unsafe value; demo and test allow a moved clock.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

MODES = ("production", "demo", "test")
PASSWORD_PROFILES = ("asvs", "mlps3")
_SHORTEST_KEY = 32


@dataclass(frozen=True)
class Problem:
    """What is wrong with a setting and what to do, in both languages (the lowest floor knows no catalogues)."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.en


class SettingsError(Exception):
    """Carries every problem found, one sentence each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    mode: str = "production"
    home: Path = Path("instance")
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = ""
    storage_url: str = ""
    secret_key: str = ""
    mail_url: str = ""
    mail_sender: str = ""
    rule_region: str = "Beijing"
    public_url: str = ""
    trusted_proxies: int = 0
    metrics_token: str = ""
    password_profile: str = "asvs"
    rate_limits: bool = True
    business_now: datetime | None = None
    demo_password: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def database_path(self) -> Path | None:
        """The SQLite file, or None on another engine."""
        if not self.is_sqlite:
            return None
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def storage_folder(self) -> Path:
        return Path(self.storage_url) if self.storage_url else self.home / "files"

    @property
    def overrides_folder(self) -> Path:
        """Rule tables of the bureau itself (letterhead, calendar, districts) that replace the shipped ones."""
        return self.home / "tables"

    @property
    def base_url(self) -> str:
        """The address people use, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], mode: str | None = None) -> Settings:
        """Read and check the settings. Raises SettingsError with every problem."""
        reader = _Reader(environ)
        chosen = mode or reader.choice("EXPERTDESK_MODE", MODES, "production")
        home = Path(reader.text("EXPERTDESK_HOME", "instance-demo" if chosen == "demo" else "instance"))
        home = home if home.is_absolute() else Path.cwd() / home
        settings = cls(
            mode=chosen,
            home=home,
            host=reader.text("EXPERTDESK_HOST", "127.0.0.1"),
            port=reader.number("EXPERTDESK_PORT", 8000, 1, 65535),
            database_url=reader.database("EXPERTDESK_DATABASE_URL", f"sqlite:///{home / 'expertdesk.sqlite3'}"),
            storage_url=reader.storage("EXPERTDESK_STORAGE_URL"),
            secret_key=reader.secret("EXPERTDESK_SECRET_KEY"),
            mail_url=reader.mail("EXPERTDESK_MAIL_URL"),
            mail_sender=reader.text("EXPERTDESK_MAIL_SENDER", ""),
            rule_region=reader.text("EXPERTDESK_RULE_REGION", "Beijing"),
            public_url=reader.public_url("EXPERTDESK_PUBLIC_URL"),
            trusted_proxies=reader.number("EXPERTDESK_TRUSTED_PROXIES", 0, 0, 10),
            metrics_token=reader.text("EXPERTDESK_METRICS_TOKEN", ""),
            password_profile=reader.choice("EXPERTDESK_PASSWORD_PROFILE", PASSWORD_PROFILES, "asvs"),
            rate_limits=reader.flag("EXPERTDESK_RATE_LIMITS", True),
            business_now=reader.instant("EXPERTDESK_NOW", allowed=chosen != "production"),
            demo_password=reader.text("EXPERTDESK_DEMO_PASSWORD", ""),
        )
        if settings.mail_url and not settings.mail_sender:
            reader.refuse(
                "设置了EXPERTDESK_MAIL_URL，须同时用EXPERTDESK_MAIL_SENDER写明发件人。",
                "EXPERTDESK_MAIL_SENDER must name the sender when EXPERTDESK_MAIL_URL is set.",
            )
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings


class _Reader:
    """Reads one variable after the other and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[Problem] = []

    def refuse(self, zh: str, en: str) -> None:
        self.problems.append(Problem(zh, en))

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            known = ", ".join(allowed)
            self.refuse(f"{name}的值为{value!r}，只能是：{known}。", f"{name} is {value!r}; allowed: {known}.")
            return default
        return value

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
            self.refuse(
                f"{name}的值为{value!r}，应为{lowest}至{highest}的整数。",
                f"{name} is {value!r}; it must be a whole number from {lowest} to {highest}.",
            )
            return default
        return int(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value not in {"on", "off", "1", "0", "true", "false", "yes", "no"}:
            self.refuse(f"{name}的值为{value!r}，应为on或者off。", f"{name} is {value!r}; it must be on or off.")
        return value in {"on", "1", "true", "yes"}

    def database(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.refuse(
                f"{name}应以 sqlite:/// 或者 postgresql+psycopg:// 开头。",
                f"{name} must begin with sqlite:/// or postgresql+psycopg://.",
            )
        return value

    def storage(self, name: str) -> str:
        value = self.text(name, "")
        if "://" in value and not value.startswith("file://"):
            self.refuse(
                f"{name}只能是文件夹；不填则使用数据文件夹。",
                f"{name}: only a folder can be used for files; leave it out or name a folder.",
            )
        return value.removeprefix("file://")

    def secret(self, name: str) -> str:
        value = self.text(name, "")
        if value and (len(value) < _SHORTEST_KEY or len(set(value)) < _SHORTEST_KEY // 4):
            self.refuse(
                f"{name}过短或者过于简单，请使用至少{_SHORTEST_KEY}个随机字符。",
                f"{name} is too short or too simple; use at least {_SHORTEST_KEY} random characters.",
            )
        return value

    def mail(self, name: str) -> str:
        value = self.text(name, "")
        if value and not value.startswith(("smtp://", "smtps://")):
            self.refuse(f"{name}应以 smtp:// 或者 smtps:// 开头。", f"{name} must begin with smtp:// or smtps://.")
        return value

    def public_url(self, name: str) -> str:
        value = self.text(name, "")
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            self.refuse(
                f"{name}的值为{value!r}，应为网址，例如 https://desk.example。",
                f"{name} is {value!r}; it must be an address such as https://desk.example.",
            )
        return value

    def instant(self, name: str, *, allowed: bool) -> datetime | None:
        value = self.text(name, "")
        if not value:
            return None
        if not allowed:
            self.refuse(
                f"{name}会改变业务时间，正式运行时不得使用，请删除。",
                f"{name} moves the clock and is refused in production; take it out.",
            )
            return None
        try:
            if len(value) == len("2026-11-24"):
                moment = datetime.combine(date.fromisoformat(value), time(9, 30), ZoneInfo("Asia/Shanghai"))
            else:
                moment = datetime.fromisoformat(value)
        except ValueError:
            self.refuse(
                f"{name}的值为{value!r}，请写成 2026-11-24 或者 2026-11-24T09:30+08:00。",
                f"{name} is {value!r}; write 2026-11-24 or 2026-11-24T09:30+08:00.",
            )
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        return moment.astimezone(UTC)


def is_loopback(host: str) -> bool:
    """Whether an address is this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
