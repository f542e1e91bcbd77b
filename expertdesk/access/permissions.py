"""Roles (decisions: words and roles) and permissions, each `area:record:action`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """One list of codes; the names in both languages stand in the accounts catalogue."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    LIAISON = "liaison"
    MANAGER = "manager"
    ADMIN = "admin"
    AUDITOR = "auditor"
    EXPERT = "expert"
    EMPLOYER = "employer"


class Permission(StrEnum):
    # one's own account: password, language, sessions
    ACCOUNT_SELF = "accounts:self:edit"
    INVITATION_CREATE = "accounts:invitation:create"
    # staff desk and search
    DESK_READ = "desk:list:read"
    SEARCH = "desk:search:read"
    # cases
    CASE_READ = "cases:case:read"
    CASE_COUNT = "cases:case:count"
    CASE_CREATE = "cases:case:create"
    CASE_PRECHECK = "cases:case:precheck"
    CASE_RECOMMEND = "cases:case:recommend"
    CASE_DECIDE = "cases:case:decide"
    CASE_DELIVER = "cases:case:deliver"
    CASE_ASSIGN = "cases:case:assign"
    CASE_CLOCK = "cases:case:clock"
    PAPER_READ = "cases:paper:read"
    PAPER_UPLOAD = "cases:paper:upload"
    PAPER_CHECK = "cases:paper:check"
    LETTER_READ = "cases:letter:read"
    # people and organisations
    EXPERT_READ = "experts:person:read"
    EXPERT_EDIT = "experts:person:edit"
    ORGANISATION_READ = "experts:organisation:read"
    ORGANISATION_EDIT = "experts:organisation:edit"
    # permits and liaison
    PERMIT_READ = "permits:permit:read"
    LIAISON_READ = "liaison:list:read"
    LIAISON_ACT = "liaison:assignment:act"
    LIAISON_MANAGE = "liaison:assignment:manage"
    # annual overseas-training plans
    TRAINING_READ = "training:plan:read"
    TRAINING_MANAGE = "training:plan:manage"
    TRAINING_DECLARE = "training:project:declare"
    # programmes for introducing experts
    PROGRAM_READ = "programs:application:read"
    PROGRAM_MANAGE = "programs:application:manage"
    PROGRAM_REVIEW = "programs:review:write"
    PROGRAM_APPLY = "programs:application:apply"
    # the file of the expert or the organisation
    MY_READ = "portal:file:read"
    MY_ANSWER = "portal:file:answer"
    MY_APPLY = "portal:file:apply"
    # administration
    ACCOUNTS_MANAGE = "administration:account:manage"
    SETTINGS_READ = "administration:setting:read"
    HISTORY_READ = "administration:history:read"
    OUTBOX_READ = "administration:outbox:read"
    # what the system itself does (worker): no role holds it
    SYSTEM = "system:clock:act"
