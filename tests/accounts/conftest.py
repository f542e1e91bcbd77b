"""Fixtures around sign-in: changed settings, and rows set back in time as if the clock had moved on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Account, ServerSession


@pytest.fixture
def with_settings(app: Flask):
    """with_settings(rate_limits=True): the application with other settings for this test."""
    before = app.extensions["expertdesk.settings"]

    def change(**values: Any) -> None:
        app.extensions["expertdesk.settings"] = replace(app.extensions["expertdesk.settings"], **values)

    yield change
    app.extensions["expertdesk.settings"] = before


@pytest.fixture
def csrf(app: Flask):
    """Forms need their token in this test, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def sign_in(app: Flask, world):
    """sign_in("officer") → a new client each time, signed in through the page."""

    def go(username: str, password: str = "", **options: Any):
        client = app.test_client()
        client.set_cookie("language", "en")
        answer = client.post("/sign-in", data={"username": username, "password": password or world.password}, **options)
        assert answer.status_code == 303, answer.text[:1000]
        return client

    return go


@pytest.fixture
def set_back(app: Flask):
    """set_back("officer", seen=…, created=…): the sessions of this account were last used (begun) so long ago."""

    def go(username: str, *, seen: timedelta = timedelta(0), created: timedelta = timedelta(0)) -> None:
        now = clock.real_now()
        of_account = ServerSession.account_id.in_(
            db.session.query(Account.id).filter(Account.username == username).scalar_subquery()
        )
        values = {"seen_at": now - seen, "created_at": now - max(created, seen)}
        db.session.execute(update(ServerSession).where(of_account).values(**values))
        db.session.commit()

    return go


def is_signed_in(client: Any) -> bool:
    return client.get("/account").status_code == 200
