"""Cases with their clocks and papers, permits and letters

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_series")),
    )
    op.create_table(
        "series_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_gap")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("intake_key", sa.String(length=64), nullable=True),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "in_correction",
                "accepted",
                "recommended",
                "granted",
                "refused",
                "delivered",
                "closed",
                "not_accepted",
                "returned",
                "withdrawn",
                name="casestate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("district", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("previous_permit_id", sa.Integer(), nullable=True),
        sa.Column("in_country_ground", sa.String(length=12), nullable=False),
        sa.Column("ground_reason", sa.String(length=500), nullable=False),
        sa.Column("embassy", sa.String(length=200), nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=True),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("post_en", sa.String(length=200), nullable=False),
        sa.Column("occupation", sa.String(length=12), nullable=False),
        sa.Column("duties", sa.String(length=1000), nullable=False),
        sa.Column("employment_basis", sa.String(length=20), nullable=False),
        sa.Column("contract_start_on", sa.Date(), nullable=True),
        sa.Column("contract_end_on", sa.Date(), nullable=True),
        sa.Column("is_open_ended", sa.Boolean(), nullable=False),
        sa.Column("salary_month", sa.BigInteger(), nullable=True),
        sa.Column("salary_year", sa.BigInteger(), nullable=True),
        sa.Column("claimed_category", sa.String(length=1), nullable=False),
        sa.Column("category", sa.String(length=1), nullable=False),
        sa.Column("main_criterion", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("circumstances", sa.JSON(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("is_deemed_accepted", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("rules_date", sa.Date(), nullable=False),
        sa.Column("rule_region", sa.String(length=40), nullable=False),
        sa.Column("access_code_digest", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("recommended_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("recommendation", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["organisation_contact.id"], name=op.f("fk_case_contact_id_organisation_contact")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_case_decided_by_id_account")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name=op.f("fk_case_entered_by_id_account")),
        sa.ForeignKeyConstraint(["officer_id"], ["account.id"], name=op.f("fk_case_officer_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["passport_id"], ["passport.id"], name=op.f("fk_case_passport_id_passport")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_person_id_person")),
        sa.ForeignKeyConstraint(
            ["previous_permit_id"], ["permit.id"], name=op.f("fk_case_previous_permit_id_permit"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["recommended_by_id"], ["account.id"], name=op.f("fk_case_recommended_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("intake_key", name=op.f("uq_case_intake_key")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index("ix_case_district_id", ["district", "id"], unique=False)
        batch_op.create_index("ix_case_officer_state", ["officer_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_case_state_district_id", ["state", "district", "id"], unique=False)

    op.create_table(
        "case_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("promised_wd", sa.Integer(), nullable=True),
        sa.Column("promised_layer", sa.String(length=20), nullable=False),
        sa.Column("statutory_wd", sa.Integer(), nullable=True),
        sa.Column("promised_due_on", sa.Date(), nullable=True),
        sa.Column("statutory_due_on", sa.Date(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("extended_wd", sa.Integer(), nullable=False),
        sa.Column("extension", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_clock_case_id_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clock")),
    )
    with op.batch_alter_table("case_clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_clock_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_clock_ended_promised", ["ended_on", "promised_due_on"], unique=False)
        batch_op.create_index("ix_case_clock_ended_statutory", ["ended_on", "statutory_due_on"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "proved", "ask", "not_used", name="verdict_code", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_judgement_by_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_judgement_case_id_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_case_id"), ["case_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "missing",
                "uploaded",
                "original_seen",
                "committed",
                "deferred",
                "reused",
                name="paperstate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "check_result",
            sa.Enum(
                "unchecked",
                "in_order",
                "problem",
                name="papercheck_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=12), nullable=False),
        sa.Column("problem_zh", sa.String(length=500), nullable=False),
        sa.Column("problem_en", sa.String(length=500), nullable=False),
        sa.Column("demand_zh", sa.String(length=500), nullable=False),
        sa.Column("demand_en", sa.String(length=500), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_paper_case_id_case"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=op.f("fk_paper_checked_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("case_id", "document", name=op.f("uq_paper_case_id_document")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_due_on"), ["due_on"], unique=False)

    op.create_table(
        "permit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "in_force",
                "superseded",
                "cancelled",
                "revoked",
                "withdrawn",
                name="permitstate_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=1), nullable=False),
        sa.Column("main_criterion", sa.String(length=12), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("end_cause", sa.String(length=40), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_permit_case_id_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_permit_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_permit_person_id_person")),
        sa.ForeignKeyConstraint(["previous_id"], ["permit.id"], name=op.f("fk_permit_previous_id_permit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
        sa.UniqueConstraint("case_id", name=op.f("uq_permit_case_id")),
    )
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.create_index("ix_permit_district_id", ["district", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_permit_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_permit_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_permit_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_permit_state_ends_on", ["state", "ends_on"], unique=False)

    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("layer", sa.String(length=12), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_clock_pause_by_id_account")),
        sa.ForeignKeyConstraint(
            ["clock_id"], ["case_clock.id"], name=op.f("fk_clock_pause_clock_id_case_clock"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )
    with op.batch_alter_table("clock_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_pause_clock_id"), ["clock_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "RECEIPT",
                "ACCEPTANCE_NOTICE",
                "CORRECTION_NOTICE",
                "NON_ACCEPTANCE_NOTICE",
                "NOTIFICATION_LETTER",
                "GRANT_DECISION",
                "REFUSAL_DECISION",
                name="letterkind_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("permit_id", sa.Integer(), nullable=True),
        sa.Column("number_zh", sa.String(length=80), nullable=False),
        sa.Column("number_en", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "issued",
                "replaced",
                "revoked",
                name="letterstatus_code",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("holder_initials", sa.String(length=80), nullable=False),
        sa.Column("passport_tail", sa.String(length=12), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=False),
        sa.Column("rules_date", sa.Date(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("file_key", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.Column("sealed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_letter_case_id_case")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["account.id"], name=op.f("fk_letter_issued_by_id_account")),
        sa.ForeignKeyConstraint(["permit_id"], ["permit.id"], name=op.f("fk_letter_permit_id_permit")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["letter.id"], name=op.f("fk_letter_replaced_by_id_letter")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["account.id"], name=op.f("fk_letter_sealed_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("code", name=op.f("uq_letter_code")),
        sa.UniqueConstraint("number_zh", name=op.f("uq_letter_number_zh")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_permit_id"), ["permit_id"], unique=False)

    op.create_table(
        "paper_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("is_translation", sa.Boolean(), nullable=False),
        sa.Column("original_key", sa.String(length=80), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("clean_key", sa.String(length=80), nullable=False),
        sa.Column("clean_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_version_paper_id_paper"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_paper_version_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_version")),
    )
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_version_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("later_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_correction_case_id_case"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_correction_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_due_on"), ["due_on"], unique=False)

    op.create_table(
        "correction_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("reason_code", sa.String(length=12), nullable=False),
        sa.Column("problem_zh", sa.String(length=500), nullable=False),
        sa.Column("problem_en", sa.String(length=500), nullable=False),
        sa.Column("demand_zh", sa.String(length=500), nullable=False),
        sa.Column("demand_en", sa.String(length=500), nullable=False),
        sa.Column("is_extra", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["correction.id"],
            name=op.f("fk_correction_item_correction_id_correction"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_item")),
    )
    with op.batch_alter_table("correction_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_item_correction_id"), ["correction_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # case and permit name each other: PostgreSQL adds this one when both tables are there, SQLite has it above
        op.create_foreign_key("fk_case_previous_permit_id_permit", "case", "permit", ["previous_permit_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_case_previous_permit_id_permit", "case", type_="foreignkey")
    with op.batch_alter_table("correction_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_item_correction_id"))

    op.drop_table("correction_item")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_due_on"))
        batch_op.drop_index(batch_op.f("ix_correction_case_id"))

    op.drop_table("correction")
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_version_paper_id"))

    op.drop_table("paper_version")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_permit_id"))
        batch_op.drop_index(batch_op.f("ix_letter_case_id"))

    op.drop_table("letter")
    with op.batch_alter_table("clock_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clock_pause_clock_id"))

    op.drop_table("clock_pause")
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.drop_index("ix_permit_state_ends_on")
        batch_op.drop_index(batch_op.f("ix_permit_person_id"))
        batch_op.drop_index(batch_op.f("ix_permit_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_permit_number"))
        batch_op.drop_index("ix_permit_district_id")

    op.drop_table("permit")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_due_on"))

    op.drop_table("paper")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judgement_case_id"))

    op.drop_table("judgement")
    with op.batch_alter_table("case_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_case_clock_ended_statutory")
        batch_op.drop_index("ix_case_clock_ended_promised")
        batch_op.drop_index(batch_op.f("ix_case_clock_case_id"))

    op.drop_table("case_clock")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index("ix_case_state_district_id")
        batch_op.drop_index(batch_op.f("ix_case_person_id"))
        batch_op.drop_index(batch_op.f("ix_case_organisation_id"))
        batch_op.drop_index("ix_case_officer_state")
        batch_op.drop_index("ix_case_district_id")

    op.drop_table("case")
    op.drop_table("series_gap")
    op.drop_table("series")
