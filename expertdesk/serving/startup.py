"""The steps of a start, each of which may refuse with sentences: folder, migrations, safety, demo, administrator."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from expertdesk.cli.plain import user_language
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, reading
from expertdesk.foundation.installed import storage
from expertdesk.foundation.locale import gettext, use_language
from expertdesk.models import Event
from expertdesk.settings import Problem, Settings

# a machine whose clock was set back a little keeps working (decisions: modes and time)
_CLOCK_TOLERANCE = timedelta(minutes=2)
_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "glusterfs", "ceph"}
)


class StartRefused(Exception):
    """The application does not start; `problems` say why, one sentence each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def make_home(settings: Settings) -> None:
    """The data folder, for its owner only."""
    home = settings.home
    if home.exists() and not home.is_dir():
        zh, en = f"{home}不是文件夹，", f"{home} is not a folder; "
        raise StartRefused(
            [Problem(zh + "请用EXPERTDESK_HOME指定数据文件夹。", en + "set EXPERTDESK_HOME to a folder for the data.")]
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(home, os.W_OK):
        raise StartRefused(
            [
                Problem(
                    f"当前用户不能写入{home}，请授予权限或者改设EXPERTDESK_HOME。",
                    f"{home} cannot be written by this user; give it the folder or set EXPERTDESK_HOME.",
                )
            ]
        )


def migrate(app: Flask) -> None:
    """Bring the database to the newest schema. An unreachable database is said in one sentence."""
    import logging

    from flask_migrate import upgrade

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        try:
            upgrade()
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            problem = Problem(f"无法打开数据库：{reason}", f"The database cannot be opened: {reason}")
            raise StartRefused([problem]) from None
        finally:
            db.session.remove()
            db.engine.dispose()


def refuse_unsafe(app: Flask, settings: Settings) -> None:
    """Everything that would make the installation unsafe or unreliable, together."""
    problems: list[Problem] = []
    if settings.mode == "production":
        problems += _open_folder(settings.home)
        if app.debug:
            problems.append(
                Problem(
                    "调试模式已开启，会向访问者暴露内部信息，请取消FLASK_DEBUG。",
                    "Debug mode is on; it shows internals to visitors. Unset FLASK_DEBUG.",
                )
            )
    path = settings.database_path
    if path is not None:
        kind = file_system_of(path.parent)
        if kind in _NETWORK_FILE_SYSTEMS:
            problems.append(
                Problem(
                    f"{path}位于网络文件系统（{kind}），SQLite在其上会丢失数据，请改用本地磁盘。",
                    f"{path} lies on a network file system ({kind}), where SQLite loses data. Use a local disk.",
                )
            )
    with app.app_context(), reading():
        if not settings.is_sqlite:
            problems += _postgres(db.session)
        problems += _clock(settings)
        db.session.remove()
        db.engine.dispose()
    if problems:
        raise StartRefused(problems)


def _open_folder(home: Path) -> list[Problem]:
    mode = home.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [
            Problem(
                f"本机其他用户可以读取{home}，请执行：chmod 700 {home}",
                f"{home} can be read by other users of this machine; type: chmod 700 {home}",
            )
        ]
    return []


def _postgres(session: Any) -> list[Problem]:
    value = session.execute(text("SHOW synchronous_commit")).scalar_one()
    if value in {"off", "local"}:
        return [
            Problem(
                f"PostgreSQL在数据落盘前就会应答（synchronous_commit = {value}），请设为on。",
                f"PostgreSQL answers before data is safe (synchronous_commit = {value}); set it to on.",
            )
        ]
    return []


def _clock(settings: Settings) -> list[Problem]:
    last = db.session.scalar(select(func.max(Event.at)))
    if settings.mode != "production" or last is None or clock.now() >= last - _CLOCK_TOLERANCE:
        return []
    return [
        Problem(
            f"本机时钟早于最后一条记录（{last:%Y-%m-%d %H:%M} UTC），请校准。",
            f"The clock of this machine is before the last recorded event ({last:%Y-%m-%d %H:%M} UTC); set it right.",
        )
    ]


def file_system_of(path: Path) -> str:
    """The kind of file system a folder lies on; "" where the system does not tell."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    target = str(path.resolve())
    for line in mounts:
        _, place, found, *_ = line.split(" ")
        if (target == place or target.startswith(place.rstrip("/") + "/")) and len(place) >= len(best):
            best, kind = place, found
    return kind


def sweep(app: Flask) -> None:
    """Remove what a crash left half written in the file store; nobody writes yet."""
    with app.app_context():
        storage().sweep()


def open_demo(app: Flask, settings: Settings) -> None:
    """Load the fictional bureau into an empty demo folder and print how to sign in."""
    from expertdesk import demo

    with app.app_context(), use_language(user_language()):
        for line in demo.open_bureau(settings):
            print(line, flush=True)


def offer_first_administrator(app: Flask) -> None:
    """On an empty installation: print the one-time address that creates the first administrator."""
    from expertdesk.accounts.invitations import first_administrator_address

    with app.app_context():
        address = first_administrator_address()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    if address:
        with use_language(user_language()):
            print(gettext("Create the first administrator here (works once): %(url)s", url=address), flush=True)
