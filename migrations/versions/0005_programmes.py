"""Programmes for introducing experts

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "introduction_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_plan")),
        sa.UniqueConstraint("year", name=op.f("uq_introduction_plan_year")),
    )
    op.create_table(
        "introduction_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=24), nullable=False),
        sa.Column("district", sa.String(length=12), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["introduction_plan.id"],
            name=op.f("fk_introduction_target_plan_id_introduction_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_target")),
        sa.UniqueConstraint(
            "plan_id", "indicator", "district", name=op.f("uq_introduction_target_plan_id_indicator_district")
        ),
    )
    op.create_table(
        "program_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("notice_number", sa.String(length=80), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("unit_quota", sa.Integer(), nullable=True),
        sa.Column("funds", sa.BigInteger(), nullable=True),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_program_call_created_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_call")),
    )
    with op.batch_alter_table("program_call", schema=None) as batch_op:
        batch_op.create_index("ix_program_call_year_id", ["year", "id"], unique=False)

    op.create_table(
        "program_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("attendees", sa.String(length=1000), nullable=False),
        sa.Column("minutes_number", sa.String(length=80), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["program_call.id"], name=op.f("fk_program_meeting_call_id_program_call")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_program_meeting_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_meeting")),
    )
    with op.batch_alter_table("program_meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_meeting_call_id"), ["call_id"], unique=False)

    op.create_table(
        "program_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "checked",
                "in_review",
                "reviewed",
                "proposed",
                "publicised",
                "approved",
                "running",
                "settled",
                "closed",
                "evaluated",
                "rejected",
                "withdrawn",
                "terminated",
                "lapsed",
                name="programstate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("field", sa.String(length=12), nullable=False),
        sa.Column("priority_field", sa.String(length=12), nullable=False),
        sa.Column("secrecy", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("unit_rank", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("tasks", sa.Text(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("ip_terms", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("proposed_funds", sa.BigInteger(), nullable=True),
        sa.Column("proposed_months", sa.BigInteger(), nullable=True),
        sa.Column("decision_note", sa.String(length=1000), nullable=False),
        sa.Column("publicity_from", sa.Date(), nullable=True),
        sa.Column("publicity_to", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(length=1000), nullable=False),
        sa.Column("objection_answer", sa.String(length=1000), nullable=False),
        sa.Column("approval_number", sa.String(length=80), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("funds_approved", sa.BigInteger(), nullable=True),
        sa.Column("months_approved", sa.BigInteger(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_note", sa.String(length=1000), nullable=False),
        sa.Column("grade", sa.String(length=12), nullable=False),
        sa.Column("evaluation", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.String(length=1000), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["program_call.id"], name=op.f("fk_program_application_call_id_program_call")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_program_application_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["program_meeting.id"], name=op.f("fk_program_application_meeting_id_program_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_program_application_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_application")),
        sa.UniqueConstraint("number", name=op.f("uq_program_application_number")),
    )
    with op.batch_alter_table("program_application", schema=None) as batch_op:
        batch_op.create_index("ix_program_application_call_state", ["call_id", "state"], unique=False)
        batch_op.create_index("ix_program_application_organisation_id_id", ["organisation_id", "id"], unique=False)

    op.create_table(
        "program_budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("subsidy", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("approved", sa.BigInteger(), nullable=True),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("own_spent", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_budget_line_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_budget_line")),
        sa.UniqueConstraint("application_id", "item", name=op.f("uq_program_budget_line_application_id_item")),
    )
    op.create_table(
        "program_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_change_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_program_change_asked_by_id_account")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_program_change_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_change")),
    )
    with op.batch_alter_table("program_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_change_application_id"), ["application_id"], unique=False)

    op.create_table(
        "program_expert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("surname", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("chinese_name", sa.String(length=80), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("nationality", sa.String(length=2), nullable=False),
        sa.Column("passport_number", sa.String(length=40), nullable=False),
        sa.Column("degree", sa.String(length=12), nullable=False),
        sa.Column("employer", sa.String(length=300), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("grants", sa.Text(), nullable=False),
        sa.Column("works", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("visit_days", sa.Integer(), nullable=False),
        sa.Column("months_requested", sa.BigInteger(), nullable=False),
        sa.Column("tasks", sa.String(length=1000), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_expert_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_program_expert_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_expert")),
    )
    with op.batch_alter_table("program_expert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_expert_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_program_expert_person_id"), ["person_id"], unique=False)

    op.create_table(
        "program_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_report_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_program_report_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_report")),
    )
    with op.batch_alter_table("program_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_report_application_id"), ["application_id"], unique=False)

    op.create_table(
        "program_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.String(length=200), nullable=False),
        sa.Column("outside_body", sa.String(length=300), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("has_conflict", sa.Boolean(), nullable=True),
        sa.Column("conflict_note", sa.String(length=500), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("recommendation", sa.String(length=12), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_review_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["account.id"], name=op.f("fk_program_review_assigned_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_program_review_recorded_by_id_account")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_program_review_reviewer_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_review")),
        sa.UniqueConstraint("application_id", "reviewer_id", name=op.f("uq_program_review_application_id_reviewer_id")),
    )
    with op.batch_alter_table("program_review", schema=None) as batch_op:
        batch_op.create_index("ix_program_review_reviewer_id_id", ["reviewer_id", "id"], unique=False)

    op.create_table(
        "program_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("funds", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_run_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_run")),
        sa.UniqueConstraint("application_id", "year", name=op.f("uq_program_run_application_id_year")),
    )
    op.create_table(
        "program_settlement",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["account.id"], name=op.f("fk_program_settlement_accepted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_settlement_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["account.id"], name=op.f("fk_program_settlement_filed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_program_settlement")),
    )
    op.create_table(
        "program_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=16), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("original_key", sa.String(length=80), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("clean_key", sa.String(length=80), nullable=False),
        sa.Column("clean_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_file_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["program_expert.id"],
            name=op.f("fk_program_file_expert_id_program_expert"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_program_file_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_file")),
    )
    with op.batch_alter_table("program_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_file_application_id"), ["application_id"], unique=False)

    op.create_table(
        "program_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["program_application.id"],
            name=op.f("fk_program_visit_application_id_program_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["program_expert.id"],
            name=op.f("fk_program_visit_expert_id_program_expert"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_program_visit_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_visit")),
    )
    with op.batch_alter_table("program_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_visit_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_program_visit_entered_on"), ["entered_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_program_visit_expert_id"), ["expert_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("program_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_visit_expert_id"))
        batch_op.drop_index(batch_op.f("ix_program_visit_entered_on"))
        batch_op.drop_index(batch_op.f("ix_program_visit_application_id"))

    op.drop_table("program_visit")
    with op.batch_alter_table("program_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_file_application_id"))

    op.drop_table("program_file")
    op.drop_table("program_settlement")
    op.drop_table("program_run")
    with op.batch_alter_table("program_review", schema=None) as batch_op:
        batch_op.drop_index("ix_program_review_reviewer_id_id")

    op.drop_table("program_review")
    with op.batch_alter_table("program_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_report_application_id"))

    op.drop_table("program_report")
    with op.batch_alter_table("program_expert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_expert_person_id"))
        batch_op.drop_index(batch_op.f("ix_program_expert_application_id"))

    op.drop_table("program_expert")
    with op.batch_alter_table("program_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_change_application_id"))

    op.drop_table("program_change")
    op.drop_table("program_budget_line")
    with op.batch_alter_table("program_application", schema=None) as batch_op:
        batch_op.drop_index("ix_program_application_organisation_id_id")
        batch_op.drop_index("ix_program_application_call_state")

    op.drop_table("program_application")
    with op.batch_alter_table("program_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_meeting_call_id"))

    op.drop_table("program_meeting")
    with op.batch_alter_table("program_call", schema=None) as batch_op:
        batch_op.drop_index("ix_program_call_year_id")

    op.drop_table("program_call")
    op.drop_table("introduction_target")
    op.drop_table("introduction_plan")
