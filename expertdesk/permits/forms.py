"""Forms of the decision: shape and wording; grounds come from the rule tables."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectMultipleField

from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.permits.commands import OPINION_MOST, REASON_MOST, TEXT_MOST
from expertdesk.permits.decision import Ground
from expertdesk.permits.wording import RefusalDraft
from expertdesk.web.forms import BaseForm, CleanArea

# the words of a letter: no browser translates them
_AS_IT_STANDS = {"translate": "no"}


class GrantForm(BaseForm):
    """An opinion is welcome, not needed."""

    opinion = CleanArea(lazy("Opinion (kept in the file)"), most=OPINION_MOST)


class RefuseForm(BaseForm):
    """Grounds of the table; facts and reasons in both languages, proposed from the data."""

    grounds = SelectMultipleField(lazy("Grounds"), validate_choice=False)
    facts_zh = CleanArea(lazy("Facts, in Chinese"), most=TEXT_MOST, render_kw=_AS_IT_STANDS)
    facts_en = CleanArea(lazy("Facts, in English"), most=TEXT_MOST, render_kw=_AS_IT_STANDS)
    reasons_zh = CleanArea(lazy("Reasons, in Chinese"), most=TEXT_MOST, render_kw=_AS_IT_STANDS)
    reasons_en = CleanArea(lazy("Reasons, in English"), most=TEXT_MOST, render_kw=_AS_IT_STANDS)

    def offer(self, grounds: Iterable[Ground]) -> None:
        """The grounds in force on the rules date of the case."""
        self.grounds.choices = [(row.code, str(row.name)) for row in grounds]

    def propose(self, draft: RefusalDraft) -> None:
        """What the data supports, for somebody who has typed nothing yet."""
        self.grounds.data = list(draft.grounds)
        self.facts_zh.data, self.facts_en.data = draft.facts.zh, draft.facts.en
        self.reasons_zh.data, self.reasons_en.data = draft.reasons.zh, draft.reasons.en

    @property
    def facts(self) -> Bilingual:
        return Bilingual(self.facts_zh.data or "", self.facts_en.data or "")

    @property
    def reasons(self) -> Bilingual:
        return Bilingual(self.reasons_zh.data or "", self.reasons_en.data or "")


class SendBackForm(BaseForm):
    """Why it goes back; the case officer reads it first."""

    reason = CleanArea(lazy("Reason"), most=REASON_MOST)
