"""A real SMTP server for the tests of the mails, and helpers to read what is stored."""

from __future__ import annotations

import dataclasses
import email
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session
from flask import Flask

from expertdesk.foundation.database import db
from expertdesk.models import Message


class Postbox:
    """What the server received; `answers` are given in turn to the end of the data, then 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.refused: set[str] = set()

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Post:
    """The server, to be stopped and started again on the same port."""

    def __init__(self, box: Postbox) -> None:
        self.box = box
        self.port = 0
        self.controller: Controller | None = None

    def start(self) -> None:
        self.port = self.port or free_port()
        self.controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None


@pytest.fixture
def post() -> Iterator[Post]:
    server = Post(Postbox())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def set_mail(app: Flask) -> Iterator[Callable[[str], None]]:
    """set_mail(url): the application sends by this server."""
    before = app.extensions["expertdesk.settings"]

    def change(url: str) -> None:
        app.extensions["expertdesk.settings"] = dataclasses.replace(
            before, mail_url=url, mail_sender="desk@jiangzhou.example", public_url="https://desk.jiangzhou.example"
        )

    yield change
    app.extensions["expertdesk.settings"] = before


def stored(**wanted: Any) -> list[Message]:
    """Rows as they lie in the database now; no transaction stays open."""
    db.session.rollback()
    rows = list(db.session.query(Message).filter_by(**wanted).order_by(Message.id))
    db.session.expunge_all()
    db.session.rollback()
    return rows
