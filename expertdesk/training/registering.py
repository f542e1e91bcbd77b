"""The register of overseas training institutions: who they are, who may sign for them, how groups judged them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, NotFound, NotPermitted, RuleBroken, Stale
from expertdesk.foundation.locale import countries, lazy
from expertdesk.models import ProviderState, TrainingProject, TrainingProvider, TrainingReport
from expertdesk.regulations.current import rules_today
from expertdesk.training import limits
from expertdesk.workflow import append_event

PROVIDER = "training_provider"


@dataclass(frozen=True)
class ProviderData:
    """What is typed. `signatories` are the names authorised to sign invitations (R14)."""

    name_en: str
    name_zh: str
    country: str
    kind: str
    level: str
    operating_unit: str
    authorised_person: str
    signatories: tuple[str, ...]
    office_in_china: str = ""
    authorised_until: date | None = None
    state: str = "active"
    note: str = ""


def register_provider(data: ProviderData, actor: Actor) -> TrainingProvider:
    """A new institution. RuleBroken by field."""
    _check(data, actor, None)
    provider = TrainingProvider(created_at=clock.now())
    _put(provider, data)
    db.session.add(provider)
    db.session.flush()
    append_event(db.session(), "provider.registered", PROVIDER, provider.id, actor, payload=_plain(data))
    return provider


def change_provider(
    provider: TrainingProvider, data: ProviderData, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Change it; the groups that go there are judged anew. Stale with both versions."""
    if seen_version is not None and seen_version != provider.row_version:
        stored, yours = _plain(data_of(provider)), _plain(data)
        differences = [
            FieldDifference(name, name, str(stored[name]), str(yours[name]))
            for name in yours
            if stored[name] != yours[name]
        ]
        raise Stale(seen=seen_version, current=provider.row_version, differences=differences)
    _check(data, actor, provider)
    before = _plain(data_of(provider))
    _put(provider, data)
    db.session.flush()
    after = _plain(data)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    append_event(db.session(), "provider.changed", PROVIDER, provider.id, actor, payload={"changes": changes})
    touched = select(TrainingProject.plan_id, TrainingProject.organisation_id).where(
        TrainingProject.provider_id == provider.id
    )
    plans: dict[int, set[int]] = {}
    for plan_id, unit in db.session.execute(touched.distinct()):
        plans.setdefault(plan_id, set()).add(unit)
    for plan_id, units in plans.items():
        limits.recount(plan_id, units)


def find_provider(provider_id: int) -> TrainingProvider:
    found = db.session.get(TrainingProvider, provider_id)
    if found is None:
        raise NotFound(str(provider_id))
    return found


def data_of(provider: TrainingProvider) -> ProviderData:
    """As it is stored."""
    values = {name: getattr(provider, name) for name in ProviderData.__dataclass_fields__}
    values["signatories"], values["state"] = tuple(provider.signatories), provider.state.value
    return ProviderData(**values)


def _put(provider: TrainingProvider, data: ProviderData) -> None:
    for name, value in asdict(data).items():
        setattr(provider, name, value)
    provider.signatories, provider.state = list(data.signatories), ProviderState(data.state)


def _plain(data: ProviderData) -> dict[str, Any]:
    plain = asdict(data)
    plain["signatories"] = list(data.signatories)
    plain["authorised_until"] = data.authorised_until.isoformat() if data.authorised_until else None
    return plain


def _check(data: ProviderData, actor: Actor, own: TrainingProvider | None) -> None:
    if not actor.may(Permission.TRAINING_MANAGE):
        raise NotPermitted(Permission.TRAINING_MANAGE)
    book, problems = rules_today(), {}
    if data.country not in {code for code, _ in countries("en")}:
        problems["country"] = lazy("Choose a country or region from the list.")
    for name, table in (("kind", "provider_kinds"), ("level", "provider_levels"), ("state", "provider_states")):
        if book.find(table, getattr(data, name)) is None:
            problems[name] = lazy("Choose one from the list.")
    if not data.signatories:
        problems["signatories"] = lazy("Name at least one person who may sign invitations.")
    same = select(TrainingProvider.id).where(
        func.lower(TrainingProvider.name_en) == data.name_en.lower(), TrainingProvider.country == data.country
    )
    known = db.session.scalar(same)
    if known is not None and (own is None or known != own.id):
        problems["name_en"] = lazy("This institution is in the register already.")
    if problems:
        raise RuleBroken(problems)


@dataclass(frozen=True)
class Evaluation:
    """How groups judged an institution: number of reports and the mean, one decimal."""

    count: int
    mean: float | None


def evaluations() -> dict[int, Evaluation]:
    """For every institution that was judged."""
    rows = db.session.execute(
        select(TrainingProject.provider_id, func.count(), func.avg(TrainingReport.provider_score))
        .join(TrainingReport, TrainingReport.project_id == TrainingProject.id)
        .where(TrainingReport.provider_score.is_not(None))
        .group_by(TrainingProject.provider_id)
    )
    return {key: Evaluation(count, round(float(mean), 1)) for key, count, mean in rows if key is not None}
