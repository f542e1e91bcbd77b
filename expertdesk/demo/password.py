"""The one password of the demo: from the environment if it obeys the policy, else made once and kept owner-only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from expertdesk.accounts.passwords import check_password
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import use_language
from expertdesk.settings import Problem, Settings, SettingsError

_WORDS = (
    "amber", "bamboo", "cedar", "comet", "copper", "coral", "delta", "ember", "fern", "harbor", "indigo", "jade",
    "lantern", "maple", "marble", "meadow", "mist", "nectar", "olive", "onyx", "opal", "orchid", "pepper", "pine",
    "quartz", "reed", "ridge", "river", "saffron", "sage", "silver", "spruce", "summit", "thistle", "tidal", "umber",
    "valley", "willow", "wren", "zephyr",
)  # fmt: skip
_COUNT = 4


def demo_password(settings: Settings) -> str:
    """Raises SettingsError when the one from the environment is against the policy."""
    if settings.demo_password:
        try:
            check_password(settings.demo_password, is_staff=True)
        except RuleBroken as broken:
            zh, en = (_reasons(broken, language) for language in ("zh", "en"))
            problem = Problem(f"EXPERTDESK_DEMO_PASSWORD不可用：{zh}", f"EXPERTDESK_DEMO_PASSWORD is refused: {en}")
            raise SettingsError([problem]) from None
        _keep(settings.home / "demo-password.txt", settings.demo_password)
        return settings.demo_password
    path = settings.home / "demo-password.txt"
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    words = [secrets.choice(_WORDS) for _ in range(_COUNT)]
    made = "-".join([words[0].capitalize(), *words[1:], str(secrets.randbelow(90) + 10)])
    _keep(path, made)
    return made


def _keep(path: Path, password: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(password + "\n")


def _reasons(broken: RuleBroken, language: str) -> str:
    with use_language(language):
        return " ".join(str(text) for text in broken.problems.values())
