"""Tables and relationships, nothing else: one file per family, states as enums with a CHECK in the database.

Every capability above reads and writes them; nothing here decides anything.
"""

from expertdesk.models.accounts import (
    Account,
    AccountDistrict,
    AccountRole,
    Attempt,
    Draft,
    DraftFile,
    Invitation,
    Membership,
    MembershipRight,
    ServerSession,
)
from expertdesk.models.cases import (
    Case,
    CaseClock,
    CaseState,
    ClockPause,
    Correction,
    CorrectionItem,
    Judgement,
    Verdict,
)
from expertdesk.models.history import AccessEntry, Event, HistoryHead
from expertdesk.models.letters import Letter, LetterKind, LetterStatus
from expertdesk.models.liaison import Assignment, Contact
from expertdesk.models.notices import Message, MessageState
from expertdesk.models.numbers import Series, SeriesGap
from expertdesk.models.organisations import Organisation, OrganisationContact
from expertdesk.models.papers import Paper, PaperCheck, PaperState, PaperVersion
from expertdesk.models.people import (
    Education,
    Employment,
    FamilyMember,
    NameKind,
    Passport,
    Person,
    PersonName,
    SpecialGroup,
)
from expertdesk.models.permits import Permit, PermitState
from expertdesk.models.search import SearchEntry
from expertdesk.models.training import (
    PlanPart,
    PlanRound,
    PlanState,
    ProjectState,
    TrainingControl,
    TrainingImport,
    TrainingPlan,
    TrainingProject,
    TrainingQuota,
    TrainingSnapshot,
    TrainingUnit,
)
from expertdesk.models.training_groups import (
    PublicityPhase,
    ReviewSide,
    TrainingBudget,
    TrainingDay,
    TrainingFile,
    TrainingPerson,
    TrainingPublicity,
    TrainingReport,
    TrainingReview,
)
from expertdesk.models.training_providers import ProviderState, TrainingProvider

__all__ = [
    "AccessEntry",
    "Account",
    "AccountDistrict",
    "AccountRole",
    "Assignment",
    "Attempt",
    "Case",
    "CaseClock",
    "CaseState",
    "ClockPause",
    "Contact",
    "Correction",
    "CorrectionItem",
    "Draft",
    "DraftFile",
    "Education",
    "Employment",
    "Event",
    "FamilyMember",
    "HistoryHead",
    "Invitation",
    "Judgement",
    "Letter",
    "LetterKind",
    "LetterStatus",
    "Membership",
    "MembershipRight",
    "Message",
    "MessageState",
    "NameKind",
    "Organisation",
    "OrganisationContact",
    "Paper",
    "PaperCheck",
    "PaperState",
    "PaperVersion",
    "Passport",
    "Permit",
    "PermitState",
    "Person",
    "PersonName",
    "PlanPart",
    "PlanRound",
    "PlanState",
    "ProjectState",
    "ProviderState",
    "PublicityPhase",
    "ReviewSide",
    "SearchEntry",
    "Series",
    "SeriesGap",
    "ServerSession",
    "SpecialGroup",
    "TrainingBudget",
    "TrainingControl",
    "TrainingDay",
    "TrainingFile",
    "TrainingImport",
    "TrainingPerson",
    "TrainingPlan",
    "TrainingProject",
    "TrainingProvider",
    "TrainingPublicity",
    "TrainingQuota",
    "TrainingReport",
    "TrainingReview",
    "TrainingSnapshot",
    "TrainingUnit",
    "Verdict",
]
