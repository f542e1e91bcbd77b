"""Foreign experts: a person with name variants, passports over time, education, work, family."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, Versioned, code_column


class SpecialGroup(StrEnum):
    """Who needs no foreigner's work permit (rule table special_groups)."""

    NONE = "none"
    HKMOTW = "HKMOTW"
    PERMANENT_RESIDENT = "PR"
    DIPLOMAT = "DIPLOMAT"


class Person(Versioned, Base):
    """One human being. `surname`, `given_name` are the passport's Latin spelling (a single name has no given name).

    `residence` holds what is known of the stay in China: address, visa_kind, permit_kind (codes of the dictionaries
    visa_kinds, residence_permit_kinds), ends_on as an ISO date.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_birth_nationality", "birth_on", "nationality"),
        Index("ix_person_surname_given", "surname", "given_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    surname: Mapped[str] = mapped_column(String(200))
    given_name: Mapped[str] = mapped_column(String(200), default="")
    native_name: Mapped[str] = mapped_column(String(200), default="")
    native_lang: Mapped[str] = mapped_column(String(12), default="")
    chinese_name: Mapped[str] = mapped_column(String(80), default="")
    sex: Mapped[str] = mapped_column(String(1), default="9")
    birth_on: Mapped[date] = mapped_column()
    birth_place: Mapped[str] = mapped_column(String(200), default="")
    nationality: Mapped[str] = mapped_column(String(2))
    other_passport_countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    was_chinese_national: Mapped[bool] = mapped_column(default=False)
    special_group: Mapped[SpecialGroup] = code_column(SpecialGroup, default=SpecialGroup.NONE)
    marital: Mapped[str] = mapped_column(String(2), default="90")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    permit_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    district: Mapped[str] = mapped_column(String(12), default="", index=True)
    residence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    names: Mapped[list[PersonName]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="PersonName.id"
    )
    passports: Mapped[list[Passport]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Passport.id.desc()"
    )
    education: Mapped[list[Education]] = relationship(cascade="all, delete-orphan", order_by="Education.id")
    employment: Mapped[list[Employment]] = relationship(cascade="all, delete-orphan", order_by="Employment.id")
    family: Mapped[list[FamilyMember]] = relationship(cascade="all, delete-orphan", order_by="FamilyMember.id")

    @property
    def latin_name(self) -> str:
        """Passport order: surname first, as the letters print it."""
        return f"{self.surname} {self.given_name}".strip()

    @property
    def display_name(self) -> str:
        """The own spelling when there is one, else the passport's."""
        return self.native_name or self.latin_name

    @property
    def display_lang(self) -> str:
        return self.native_lang if self.native_name else ""


class NameKind(StrEnum):
    PASSPORT = "passport"
    NATIVE = "native"
    CHINESE = "chinese"
    FORMER = "former"
    OTHER = "other"


class PersonName(Base):
    """A spelling and where it was seen: passport, degree, former permit, own statement. A person decides on sameness.

    `source` is a code of the list of sources, or what somebody typed."""

    __tablename__ = "person_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NameKind] = code_column(NameKind)
    text: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(12), default="")
    source: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="names")


class Passport(Base):
    """A passport or travel document; an old one stays. `number` is stored as capitals and digits only; the same number
    of the same country cannot belong to two people."""

    __tablename__ = "passport"
    __table_args__ = (UniqueConstraint("number", "issuing_country"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    issuing_country: Mapped[str] = mapped_column(String(2), default="")
    kind: Mapped[str] = mapped_column(String(20), default="ORDINARY")
    issued_on: Mapped[date | None] = mapped_column()
    expires_on: Mapped[date] = mapped_column(index=True)
    is_current: Mapped[bool] = mapped_column(default=True)

    person: Mapped[Person] = relationship(back_populates="passports")


class Education(Base):
    __tablename__ = "education"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    level: Mapped[str] = mapped_column(String(2))
    school: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(2), default="")
    major: Mapped[str] = mapped_column(String(200), default="")
    from_month: Mapped[date | None] = mapped_column()
    to_month: Mapped[date | None] = mapped_column()
    is_taught_in_chinese: Mapped[bool] = mapped_column(default=False)


class Employment(Base):
    __tablename__ = "employment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    employer: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(2), default="")
    post: Mapped[str] = mapped_column(String(200), default="")
    duties: Mapped[str] = mapped_column(String(1000), default="")
    from_month: Mapped[date] = mapped_column()
    to_month: Mapped[date | None] = mapped_column()
    is_relevant: Mapped[bool] = mapped_column(default=True)
    referee: Mapped[str] = mapped_column(String(300), default="")


class FamilyMember(Base):
    """Accompanying family; `relation` is a code of the dictionary family_relation."""

    __tablename__ = "family_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    latin_name: Mapped[str] = mapped_column(String(200))
    native_name: Mapped[str] = mapped_column(String(200), default="")
    native_lang: Mapped[str] = mapped_column(String(12), default="")
    sex: Mapped[str] = mapped_column(String(1), default="9")
    nationality: Mapped[str] = mapped_column(String(2), default="")
    birth_on: Mapped[date | None] = mapped_column()
    passport_number: Mapped[str] = mapped_column(String(40), default="")
    is_accompanying: Mapped[bool] = mapped_column(default=True)
