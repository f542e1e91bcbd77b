"""What this installation works with: settings, vault of keys, store of files. Needs an application context."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from expertdesk.foundation.files import FolderStorage
from expertdesk.foundation.secrets import Vault
from expertdesk.settings import Settings

_SETTINGS, _VAULT, _STORAGE = "expertdesk.settings", "expertdesk.vault", "expertdesk.storage"


def install(app: Flask, chosen: Settings) -> None:
    """Called once by the factory. Papers and letters are encrypted at rest with keys derived from the secret key."""
    keys = Vault(chosen.secret_key)
    app.extensions[_SETTINGS] = chosen
    app.extensions[_VAULT] = keys
    app.extensions[_STORAGE] = FolderStorage(chosen.storage_folder, keys)


def settings() -> Settings:
    return cast(Settings, current_app.extensions[_SETTINGS])


def vault() -> Vault:
    return cast(Vault, current_app.extensions[_VAULT])


def storage() -> FolderStorage:
    return cast(FolderStorage, current_app.extensions[_STORAGE])
