"""Talks SMTP: one connection for a batch, one mail after the other. No database."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from expertdesk.settings import is_loopback

TIMEOUT_SECONDS = 20.0
_PORTS = {"smtp": 25, "smtps": 465}


def address_of(sender: str) -> str:
    """The bare address of `desk@office.example` or `Name <desk@office.example>`."""
    return parseaddr(sender)[1]


class PostProblem(Exception):
    """The mail did not go out; the text is for the message log (English, short, no content of the mail)."""


@dataclass(frozen=True)
class Server:
    """`smtp://user:password@host:port` (encrypted when the server offers it) or `smtps://…` (encrypted at once)."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = ""

    @classmethod
    def from_url(cls, url: str) -> Server:
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or _PORTS[parts.scheme],
            is_tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


@contextmanager
def connection(server: Server) -> Iterator[smtplib.SMTP]:
    """An open, signed-in connection. Raises PostProblem."""
    try:
        link = _connect(server)
    except (OSError, smtplib.SMTPException) as problem:
        raise PostProblem(describe(problem)) from problem
    try:
        yield link
    finally:
        with suppress(OSError, smtplib.SMTPException):
            link.quit()


def _connect(server: Server) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.is_tls:
        link: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=secure)
        encrypted = True
    else:
        link = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        link.ehlo_or_helo_if_needed()
        encrypted = link.has_extn("starttls")
        if encrypted:
            link.starttls(context=secure)
    if server.user:
        if not encrypted and not is_loopback(server.host):
            link.close()
            raise smtplib.SMTPException("the server offers no encryption; the password was not sent")
        link.login(server.user, server.password)
    return link


def letter(
    *, sender_name: str, sender: str, to: str, subject: str, body: str, language: str, message_id: str, at: datetime
) -> EmailMessage:
    """The mail as it travels. The same `message_id` on a repeat lets the receiver drop the second one."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = Address(display_name=sender_name, addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, charset="utf-8")
    mail["Content-Language"] = "zh-CN" if language == "zh" else language
    return mail


def send(link: smtplib.SMTP, mail: EmailMessage) -> None:
    """Hand one mail over. Raises PostProblem; afterwards the connection can be used again unless `is_broken`."""
    try:
        link.send_message(mail)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        if not is_broken(link):
            with suppress(OSError, smtplib.SMTPException):
                link.rset()
        raise PostProblem(describe(problem)) from problem


def is_broken(link: smtplib.SMTP) -> bool:
    return link.sock is None


def describe(problem: BaseException) -> str:
    """One line: kind and the server's answer, without the addresses it repeats."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(problem.recipients.values()))
        return _short(f"recipient refused: {code} {_decoded(answer)}")
    if isinstance(problem, smtplib.SMTPResponseException):
        return _short(f"{type(problem).__name__}: {problem.smtp_code} {_decoded(problem.smtp_error)}")
    return _short(f"{type(problem).__name__}: {problem}")


def _decoded(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


def _short(text: str) -> str:
    return " ".join(word if "@" not in word else "<address>" for word in text.split())[:200]
