"""What the forms offer: units that may organise groups, institutions of the register."""

from __future__ import annotations

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import country_name, current_language
from expertdesk.models import Organisation, ProviderState, TrainingProvider
from expertdesk.training.policy import sees_all

_MOST = 2_000


def units_for(actor: Actor) -> list[tuple[int, str]]:
    """Organisations that may organise groups: all for the bureau, the own ones for a training contact."""
    statement = select(Organisation.id, Organisation.name_zh, Organisation.name_en)
    if sees_all(actor):
        statement = statement.where(Organisation.may_organise_groups)
    else:
        statement = statement.where(Organisation.id.in_(sorted(actor.training_organisations)))
    rows = db.session.execute(statement.order_by(Organisation.name_zh).limit(_MOST))
    is_english = current_language() == "en"
    return [(key, (english if is_english else "") or chinese) for key, chinese, english in rows]


def providers() -> list[tuple[int, str]]:
    """Institutions that have not left the register, by country and name."""
    statement = select(
        TrainingProvider.id, TrainingProvider.country, TrainingProvider.name_zh, TrainingProvider.name_en
    ).where(TrainingProvider.state != ProviderState.EXITED)
    rows = db.session.execute(statement.order_by(TrainingProvider.country, TrainingProvider.name_en).limit(_MOST))
    is_english = current_language() == "en"
    return [
        (key, f"{country_name(country)} · {english if is_english or not chinese else chinese}")
        for key, country, chinese, english in rows
    ]
