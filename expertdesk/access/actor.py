"""Who acts: the plain value that commands, policies and the workflow take instead of a database row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from expertdesk.access.grants import STAFF_ROLES, permissions_of
from expertdesk.access.permissions import Permission, Role

_SETS = ("districts", "organisations", "handled_organisations", "training_organisations")


@dataclass(frozen=True)
class Actor:
    """A signed-in person (or the system itself) with everything a policy needs.

    `districts` are the codes whose cases an officer handles; `is_municipal` means all. `handled_organisations` are
    those the contact may act for, `organisations` those it may read.
    """

    id: int
    username: str
    name: str
    name_latin: str = ""
    roles: frozenset[Role] = frozenset()
    language: str = ""
    theme: str = ""
    districts: frozenset[str] = frozenset()
    is_municipal: bool = False
    person_id: int | None = None
    organisations: frozenset[int] = frozenset()
    handled_organisations: frozenset[int] = frozenset()
    training_organisations: frozenset[int] = frozenset()
    phone: str = ""
    window: str = ""
    permissions: frozenset[Permission] = field(default=frozenset())

    # what Flask-Login asks of a user
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __post_init__(self) -> None:
        if not self.permissions:
            object.__setattr__(self, "permissions", permissions_of(self.roles))

    def get_id(self) -> str:
        return str(self.id)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_system(self) -> bool:
        return self.id == 0

    @property
    def main_role(self) -> Role | None:
        """The role that stands in the history: the first held in the order of the list of roles."""
        return next((role for role in Role if role in self.roles), None)

    def handles(self, district: str) -> bool:
        return self.is_municipal or district in self.districts

    def to_json(self) -> dict[str, Any]:
        """For the server-side session; ended whenever a role, district or membership changes."""
        plain = asdict(self)
        plain.pop("permissions")
        for name in ("roles", *_SETS):
            plain[name] = sorted(plain[name])
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Actor:
        values = dict(plain)
        values["roles"] = frozenset(Role(code) for code in values["roles"])
        for name in _SETS:
            values[name] = frozenset(values.get(name, ()))
        return cls(**values)


SYSTEM = Actor(id=0, username="system", name="ExpertDesk", permissions=frozenset({Permission.SYSTEM}))


def roles_from(codes: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(code) for code in codes)
