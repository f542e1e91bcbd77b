"""Training plans

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "first_submission",
                "first_sent",
                "second_submission",
                "second_sent",
                "approved",
                "closed",
                name="planstate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("declare_until", sa.Date(), nullable=True),
        sa.Column("revise_until", sa.Date(), nullable=True),
        sa.Column("notice_number", sa.String(length=80), nullable=False),
        sa.Column("approval_number", sa.String(length=80), nullable=False),
        sa.Column("approval_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan")),
        sa.UniqueConstraint("year", name=op.f("uq_training_plan_year")),
    )
    op.create_table(
        "training_provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_zh", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("operating_unit", sa.String(length=300), nullable=False),
        sa.Column("authorised_person", sa.String(length=200), nullable=False),
        sa.Column("signatories", sa.JSON(), nullable=False),
        sa.Column("office_in_china", sa.String(length=300), nullable=False),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "watch",
                "exited",
                name="providerstate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_provider")),
        sa.UniqueConstraint("name_en", "country", name=op.f("uq_training_provider_name_en_country")),
    )
    with op.batch_alter_table("training_provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_provider_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_provider_name_zh"), ["name_zh"], unique=False)

    op.create_table(
        "training_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "abroad",
                "hk_macao",
                "taiwan",
                name="planpart_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("mid_long_least", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plan.id"], name=op.f("fk_training_quota_plan_id_training_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_quota")),
        sa.UniqueConstraint("plan_id", "part", name=op.f("uq_training_quota_plan_id_part")),
    )
    op.create_table(
        "training_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("annual_budget", sa.BigInteger(), nullable=True),
        sa.Column("next_number", sa.Integer(), nullable=True),
        sa.Column("next_reason", sa.String(length=500), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_training_unit_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plan.id"], name=op.f("fk_training_unit_plan_id_training_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_unit")),
        sa.UniqueConstraint("plan_id", "organisation_id", name=op.f("uq_training_unit_plan_id_organisation_id")),
    )
    with op.batch_alter_table("training_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_unit_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "training_control",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "abroad",
                "hk_macao",
                "taiwan",
                name="planpart_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["training_unit.id"],
            name=op.f("fk_training_control_unit_id_training_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_control")),
        sa.UniqueConstraint("unit_id", "part", name=op.f("uq_training_control_unit_id_part")),
    )
    op.create_table(
        "training_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["account.id"], name=op.f("fk_training_import_imported_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plan.id"], name=op.f("fk_training_import_plan_id_training_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_import")),
    )
    with op.batch_alter_table("training_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_import_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_import_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "training_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "declared",
                "returned",
                "bureau_reviewed",
                "submitted_up",
                "quota_feedback",
                "approved",
                "rejected",
                "publicised",
                "task_approved",
                "in_progress",
                "report_due",
                "closed",
                "cancelled",
                "adjusted",
                name="projectstate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "part",
            sa.Enum(
                "abroad",
                "hk_macao",
                "taiwan",
                name="planpart_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("dispatching", sa.JSON(), nullable=False),
        sa.Column("key_field", sa.String(length=20), nullable=False),
        sa.Column("approval_type", sa.String(length=12), nullable=False),
        sa.Column("term", sa.String(length=12), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.Column("destinations", sa.JSON(), nullable=False),
        sa.Column("cities", sa.JSON(), nullable=False),
        sa.Column("people_planned", sa.Integer(), nullable=True),
        sa.Column("leaders_planned", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("depart_month", sa.Integer(), nullable=True),
        sa.Column("fundings", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.String(length=1000), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("budget_training", sa.BigInteger(), nullable=True),
        sa.Column("budget_travel", sa.BigInteger(), nullable=True),
        sa.Column("budget_lodging", sa.BigInteger(), nullable=True),
        sa.Column("budget_meals", sa.BigInteger(), nullable=True),
        sa.Column("budget_incidentals", sa.BigInteger(), nullable=True),
        sa.Column("budget_other", sa.BigInteger(), nullable=True),
        sa.Column("budget_total", sa.BigInteger(), nullable=True),
        sa.Column("subsidy_requested", sa.BigInteger(), nullable=True),
        sa.Column("awards_degree", sa.Boolean(), nullable=False),
        sa.Column("banquet", sa.BigInteger(), nullable=True),
        sa.Column("gifts", sa.BigInteger(), nullable=True),
        sa.Column("is_for_training_only", sa.Boolean(), nullable=False),
        sa.Column("is_without_agents_or_family", sa.Boolean(), nullable=False),
        sa.Column("is_without_sponsors", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rationale", sa.JSON(), nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("warns", sa.Integer(), nullable=False),
        sa.Column("adjustment", sa.JSON(), nullable=False),
        sa.Column("review_opinion", sa.String(length=24), nullable=False),
        sa.Column("review_note", sa.String(length=1000), nullable=False),
        sa.Column("people_approved", sa.Integer(), nullable=True),
        sa.Column("subsidy_approved", sa.BigInteger(), nullable=True),
        sa.Column("approval_number", sa.String(length=80), nullable=False),
        sa.Column("invitation_signatory", sa.String(length=200), nullable=False),
        sa.Column("task_number", sa.String(length=80), nullable=False),
        sa.Column("leave_on", sa.Date(), nullable=True),
        sa.Column("return_on", sa.Date(), nullable=True),
        sa.Column("people_actual", sa.Integer(), nullable=True),
        sa.Column("report_due_on", sa.Date(), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("end_code", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_training_project_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_training_project_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plan.id"], name=op.f("fk_training_project_plan_id_training_plan")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["training_provider.id"], name=op.f("fk_training_project_provider_id_training_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_project")),
        sa.UniqueConstraint("number", name=op.f("uq_training_project_number")),
    )
    with op.batch_alter_table("training_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_project_leave_on"), ["leave_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_project_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_training_project_plan_blocks", ["plan_id", "blocks", "warns", "id"], unique=False)
        batch_op.create_index("ix_training_project_plan_part_state", ["plan_id", "part", "state"], unique=False)
        batch_op.create_index("ix_training_project_plan_unit", ["plan_id", "organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_project_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_project_report_due_on"), ["report_due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_project_return_on"), ["return_on"], unique=False)

    op.create_table(
        "training_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "round",
            sa.Enum(
                "first_submission",
                "first_feedback",
                "second_submission",
                "approved",
                name="planround_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("controls", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["training_plan.id"],
            name=op.f("fk_training_snapshot_plan_id_training_plan"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["account.id"], name=op.f("fk_training_snapshot_taken_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_snapshot")),
        sa.UniqueConstraint("plan_id", "round", "serial", name=op.f("uq_training_snapshot_plan_id_round_serial")),
    )
    op.create_table(
        "training_budget",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=12), nullable=False),
        sa.Column("first_day_on", sa.Date(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("over_standard", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["computed_by_id"], ["account.id"], name=op.f("fk_training_budget_computed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_budget_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_training_budget")),
    )
    op.create_table(
        "training_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("speaker", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_day_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_day")),
    )
    with op.batch_alter_table("training_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_day_project_id"), ["project_id"], unique=False)

    op.create_table(
        "training_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
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
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_file_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_training_file_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_file")),
    )
    with op.batch_alter_table("training_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_file_project_id"), ["project_id"], unique=False)

    op.create_table(
        "training_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=300), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.String(length=32), nullable=False),
        sa.Column("political_status", sa.String(length=20), nullable=False),
        sa.Column("language_level", sa.String(length=120), nullable=False),
        sa.Column("passport", sa.String(length=400), nullable=False),
        sa.Column("passport_token", sa.String(length=64), nullable=False),
        sa.Column("person_token", sa.String(length=64), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("is_leading_official", sa.Boolean(), nullable=False),
        sa.Column("is_specialist", sa.Boolean(), nullable=False),
        sa.Column("last_trip_on", sa.Date(), nullable=True),
        sa.Column("health", sa.String(length=120), nullable=False),
        sa.Column("remarks", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_person_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_person")),
    )
    with op.batch_alter_table("training_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_person_passport_token"), ["passport_token"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_person_person_token"), ["person_token"], unique=False)
        batch_op.create_index("ix_training_person_project_position", ["project_id", "position"], unique=False)

    op.create_table(
        "training_publicity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "before", "after", name="publicityphase_code", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("objections", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_publicity_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_training_publicity_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_publicity")),
        sa.UniqueConstraint("project_id", "phase", name=op.f("uq_training_publicity_project_id_phase")),
    )
    op.create_table(
        "training_report",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("leave_on", sa.Date(), nullable=False),
        sa.Column("return_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("cities", sa.JSON(), nullable=False),
        sa.Column("inviter", sa.String(length=300), nullable=False),
        sa.Column("tasks_done", sa.Text(), nullable=False),
        sa.Column("lecture_hours", sa.BigInteger(), nullable=False),
        sa.Column("visit_hours", sa.BigInteger(), nullable=False),
        sa.Column("passports_returned_on", sa.Date(), nullable=True),
        sa.Column("discipline", sa.String(length=1000), nullable=False),
        sa.Column("costs", sa.JSON(), nullable=False),
        sa.Column("cost_total", sa.BigInteger(), nullable=False),
        sa.Column("paid_by_host", sa.BigInteger(), nullable=True),
        sa.Column("over_standard", sa.String(length=1000), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("trainee_score", sa.Integer(), nullable=True),
        sa.Column("provider_score", sa.Integer(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("accepted_note", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_report_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_training_report_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_training_report")),
    )
    op.create_table(
        "training_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("task", "finance", name="reviewside_code", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("opinion", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["training_project.id"],
            name=op.f("fk_training_review_project_id_training_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_training_review_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_review")),
        sa.UniqueConstraint("project_id", "side", name=op.f("uq_training_review_project_id_side")),
    )


def downgrade() -> None:
    op.drop_table("training_review")
    op.drop_table("training_report")
    op.drop_table("training_publicity")
    with op.batch_alter_table("training_person", schema=None) as batch_op:
        batch_op.drop_index("ix_training_person_project_position")
        batch_op.drop_index(batch_op.f("ix_training_person_person_token"))
        batch_op.drop_index(batch_op.f("ix_training_person_passport_token"))

    op.drop_table("training_person")
    with op.batch_alter_table("training_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_file_project_id"))

    op.drop_table("training_file")
    with op.batch_alter_table("training_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_day_project_id"))

    op.drop_table("training_day")
    op.drop_table("training_budget")
    op.drop_table("training_snapshot")
    with op.batch_alter_table("training_project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_project_return_on"))
        batch_op.drop_index(batch_op.f("ix_training_project_report_due_on"))
        batch_op.drop_index(batch_op.f("ix_training_project_provider_id"))
        batch_op.drop_index("ix_training_project_plan_unit")
        batch_op.drop_index("ix_training_project_plan_part_state")
        batch_op.drop_index("ix_training_project_plan_blocks")
        batch_op.drop_index(batch_op.f("ix_training_project_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_training_project_leave_on"))

    op.drop_table("training_project")
    with op.batch_alter_table("training_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_import_plan_id"))
        batch_op.drop_index(batch_op.f("ix_training_import_digest"))

    op.drop_table("training_import")
    op.drop_table("training_control")
    with op.batch_alter_table("training_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_unit_organisation_id"))

    op.drop_table("training_unit")
    op.drop_table("training_quota")
    with op.batch_alter_table("training_provider", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_provider_name_zh"))
        batch_op.drop_index(batch_op.f("ix_training_provider_country"))

    op.drop_table("training_provider")
    op.drop_table("training_plan")
