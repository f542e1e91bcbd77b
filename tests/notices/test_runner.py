"""Sending through a real SMTP dialogue: sent once in practice, however the server or the worker behaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from expertdesk.foundation import clock
from expertdesk.foundation.database import db, write_apart
from expertdesk.models import Message, MessageState
from expertdesk.notices import outbox, postman, runner
from tests.notices.conftest import stored


def queue(dedup: str = "one", **changes) -> None:
    values = {
        "email": "ana@mail.example",
        "language": "zh",
        "parameters": {"number": "ED2026-000001", "due_on": "2026-12-21", "items": 2},
        **changes,
    }
    outbox.queue(db.session, values.pop("kind", "correction_notice"), dedup=dedup, **values)
    db.session.commit()


def make_due() -> None:
    """The pause or the lease is over."""
    with write_apart() as session:
        for message in session.query(Message):
            message.run_after = clock.real_now() - timedelta(seconds=1)
            if message.locked_until is not None:
                message.locked_until = clock.real_now() - timedelta(seconds=1)


def address(post) -> str:
    return f"smtp://127.0.0.1:{post.port}"


def test_without_a_mail_server_a_message_is_shown(app, world):
    queue(kind="invitation", parameters={"code": "opens-a-door"})
    assert runner.send_due() == 1
    (message,) = stored()
    assert message.state is MessageState.SHOWN
    assert "code" not in message.parameters


def test_without_an_address_a_message_is_shown(app, world, post, set_mail):
    set_mail(address(post))
    queue(email="")
    assert runner.send_due() == 1
    assert stored()[0].state is MessageState.SHOWN
    assert post.box.mails == []


def test_a_chinese_mail_arrives_whole(app, world, post, set_mail):
    set_mail(address(post))
    queue()
    assert runner.send_due() == 1
    (mail,) = post.box.mails
    assert mail["Subject"] == "请在2026年12月21日前补正 ED2026-000001 的材料"
    assert mail["From"].addresses[0].display_name == "江州市外国专家局"
    assert mail["From"].addresses[0].addr_spec == "desk@jiangzhou.example"
    assert mail["To"].addresses[0].addr_spec == "ana@mail.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-CN"
    body = mail.get_content()
    assert "有 2 份材料需要补正" in body and "https://desk.jiangzhou.example/my/ED2026-000001" in body
    (message,) = stored()
    assert message.state is MessageState.SENT and message.sent_at is not None
    assert message.message_id == mail["Message-ID"] and mail["Message-ID"].endswith("@jiangzhou.example>")
    assert runner.send_due() == 0


def test_an_invitation_carries_its_address_and_forgets_it(app, world, post, set_mail):
    set_mail(address(post))
    queue(kind="invitation", language="en", parameters={"code": "opens-a-door"})
    runner.send_due()
    assert "https://desk.jiangzhou.example/invitation/opens-a-door" in post.box.mails[0].get_content()
    assert "code" not in stored()[0].parameters


def test_many_mails_go_through_one_connection(app, world, post, set_mail):
    set_mail(address(post))
    for number in range(5):
        queue(f"n{number}", email=f"person{number}@mail.example")
    assert runner.send_due(limit=3) == 3
    assert runner.send_due(limit=3) == 2
    assert [mail["To"].addresses[0].username for mail in post.box.mails] == [f"person{number}" for number in range(5)]


def test_server_down_and_back(app, world, post, set_mail):
    set_mail(address(post))
    queue()
    post.stop()
    before = clock.real_now()
    assert runner.send_due() == 0
    (message,) = stored()
    assert message.state is MessageState.READY and message.attempts == 1
    assert "Connection" in message.error
    assert timedelta(seconds=50) < message.run_after - before < timedelta(seconds=90)
    assert runner.send_due() == 0, "it waits for its pause"
    post.start()
    make_due()
    assert runner.send_due() == 1
    assert len(post.box.mails) == 1
    assert stored()[0].error == ""


def test_killed_between_sending_and_marking(app, world, post, set_mail, monkeypatch):
    """The mail left, the mark did not: it goes again under the same Message-ID, once the lease is over."""
    set_mail(address(post))
    queue()

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runner, "_mark", die)
        with pytest.raises(KeyboardInterrupt):
            runner.send_due()
    assert stored()[0].state is MessageState.SENDING
    assert runner.send_due() == 0, "the lease still runs"
    make_due()
    assert runner.send_due() == 1
    first, second = post.box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert stored()[0].state is MessageState.SENT


def test_pauses_grow_and_the_eighth_failure_is_the_last(app, world, post, set_mail):
    set_mail(address(post))
    queue()
    pauses = []
    for _ in range(runner.MOST_TRIES):
        post.box.answers = ["451 4.3.0 try later"]
        make_due()
        assert runner.send_due() == 0
        message = stored()[0]
        if message.state is MessageState.READY:
            pauses.append(message.run_after - clock.real_now())
    assert stored()[0].state is MessageState.DEAD
    assert pauses == sorted(pauses) and pauses[0] < pauses[-1]
    assert "451" in stored()[0].error
    make_due()
    assert runner.send_due() == 0 and post.box.mails == []


def test_staff_can_send_a_given_up_message_again(app, world, post, set_mail):
    set_mail(address(post))
    queue()
    with write_apart() as session:
        session.query(Message).update({"state": MessageState.DEAD, "attempts": 8})
    (message,) = stored()
    assert outbox.send_again(db.session, message.id)
    db.session.commit()
    assert runner.send_due() == 1
    assert not outbox.send_again(db.session, message.id), "a sent one is not sent again"


def test_one_bad_address_stops_no_other(app, world, post, set_mail):
    set_mail(address(post))
    post.box.refused = {"nobody@mail.example"}
    queue("a", email="nobody@mail.example")
    queue("b", email="ana@mail.example")
    queue("c", email="broken\r\nBcc: all@mail.example")
    queue("d", email="han@mail.example")
    assert runner.send_due() == 2
    assert [mail["To"].addresses[0].username for mail in post.box.mails] == ["ana", "han"]
    states = {message.dedup: message for message in stored()}
    assert states["a"].state is MessageState.READY and "550" in states["a"].error
    assert "nobody@" not in states["a"].error, "the log repeats no address"
    assert states["c"].state is MessageState.READY and states["c"].error


def test_a_message_that_ends_the_worker_each_time_is_given_up(app, world, post, set_mail):
    set_mail(address(post))
    queue()
    with write_apart() as session:
        session.query(Message).update(
            {"state": MessageState.SENDING, "attempts": 8, "locked_until": clock.real_now() - timedelta(seconds=1)}
        )
    assert runner.send_due() == 0
    assert stored()[0].state is MessageState.DEAD and post.box.mails == []


def test_a_late_worker_does_not_overwrite_another(app, world, post, set_mail):
    """Its lease ran out, somebody else sent meanwhile: the first one's failure is not written over it."""
    set_mail(address(post))
    queue()
    (taken,) = runner._take(10)
    make_due()
    assert runner.send_due() == 1
    runner._failed(taken, "too late")
    assert stored()[0].state is MessageState.SENT


def test_two_workers_at_once_send_once(app, world, post, set_mail):
    set_mail(address(post))
    queue()
    assert len(runner._take(10)) == 1
    assert runner._take(10) == []


def test_passwords_travel_encrypted_or_not_at_all(monkeypatch):
    sent = []

    class Plain:
        def __init__(self, *args, **options): ...
        def ehlo_or_helo_if_needed(self): ...
        def has_extn(self, name):
            return False

        def login(self, *args):
            sent.append(args)

        def close(self): ...

    monkeypatch.setattr(postman.smtplib, "SMTP", Plain)
    with (
        pytest.raises(postman.PostProblem, match="no encryption"),
        postman.connection(postman.Server.from_url("smtp://desk:geheim%40123@mail.example:587")),
    ):
        pass
    assert sent == []


def test_addresses_of_servers():
    server = postman.Server.from_url("smtps://desk%40office:p%3Aw@mail.example")
    assert (server.host, server.port, server.is_tls, server.user, server.password) == (
        "mail.example", 465, True, "desk@office", "p:w",
    )  # fmt: skip
    assert postman.Server.from_url("smtp://localhost:2525").port == 2525
    assert postman.address_of("江州市外国专家局 <desk@jiangzhou.example>") == "desk@jiangzhou.example"


def test_an_encrypted_connection(app, world, set_mail, tmp_path, monkeypatch):
    """smtps:// against a server with its own certificate: taken when it is trusted, refused when it is not."""
    import ssl
    import subprocess

    from aiosmtpd.controller import Controller

    from tests.notices.conftest import Postbox, free_port

    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Postbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port, ssl_context=context)
    server.start()
    try:
        set_mail(f"smtps://127.0.0.1:{port}")
        queue()
        assert runner.send_due() == 0
        assert "CERTIFICATE" in stored()[0].error.upper()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        make_due()
        assert runner.send_due() == 1
        assert len(box.mails) == 1
    finally:
        server.stop(no_assert=True)
