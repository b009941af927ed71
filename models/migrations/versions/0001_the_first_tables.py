"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "audit",
    "dead_letters",
    "enrol_attempts",
    "places",
    "processed_updates",
    "update_attempts",
    "checkup_days",
    "staff",
    "drafts",
    "invites",
    "record_versions",
    "residents",
    "consents",
    "enrolments",
    "attendances",
    "visits",
)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("township_id", ID, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject_kind", "subject_id"])
    op.create_index("ix_audit_township_at", "audit", ["township_id", "at"])

    op.create_table(
        "dead_letters",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("update_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("replayed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
        sa.UniqueConstraint("update_id", name=op.f("uq_dead_letters_update_id")),
    )
    op.create_table(
        "enrol_attempts",
        sa.Column("telegram_user_id", ID, autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("telegram_user_id", name=op.f("pk_enrol_attempts")),
    )
    op.create_table(
        "places",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("township", "village", "group", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("is_community", sa.Boolean(), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_pinyin", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("checkup_dom", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("checkup_dom BETWEEN 1 AND 31", name=op.f("ck_places_checkup_dom")),
        sa.ForeignKeyConstraint(["parent_id"], ["places.id"], name=op.f("fk_places_parent_id_places")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_places_township_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
    )
    op.create_index("ix_places_parent_id", "places", ["parent_id"])
    op.create_index("ix_places_township_id", "places", ["township_id"])

    op.create_table(
        "processed_updates",
        sa.Column("update_id", ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("owed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_processed_updates")),
    )
    op.create_index(
        "ix_processed_updates_owed",
        "processed_updates",
        ["update_id"],
        sqlite_where=sa.text("owed IS NOT NULL"),
        postgresql_where=sa.text("owed IS NOT NULL"),
    )

    op.create_table(
        "update_attempts",
        sa.Column("update_id", ID, autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_attempts")),
    )
    op.create_table(
        "checkup_days",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("nominal_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "closed", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_checkup_days_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_checkup_days_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkup_days")),
        sa.UniqueConstraint("village_id", "nominal_on", name=op.f("uq_checkup_days_village_id_nominal_on")),
    )
    op.create_index("ix_checkup_days_township", "checkup_days", ["township_id", "held_on"])

    op.create_table(
        "staff",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("telegram_user_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "resident",
                "manager",
                "clinic",
                "deputy",
                "leader",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_staff_place_id_places")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_staff_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_staff_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_index("ix_staff_township_id", "staff", ["township_id"])
    op.create_index("ix_staff_village_id", "staff", ["village_id"])
    op.create_index(
        "uq_staff_active_account",
        "staff",
        ["telegram_user_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )

    op.create_table(
        "drafts",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("telegram_user_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "cancelled",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_drafts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix_drafts_account", "drafts", ["telegram_user_id", "state"])
    op.create_index(
        "uq_drafts_active",
        "drafts",
        ["chat_id", "telegram_user_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )

    op.create_table(
        "invites",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "resident",
                "manager",
                "clinic",
                "deputy",
                "leader",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_invites_created_by_staff")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_invites_place_id_places")),
        sa.ForeignKeyConstraint(["used_by"], ["staff.id"], name=op.f("fk_invites_used_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invites_code_hash")),
    )
    op.create_table(
        "record_versions",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("visit", "attendance", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_by", ID, nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["replaced_by"], ["staff.id"], name=op.f("fk_record_versions_replaced_by_staff")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_record_versions_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_record_versions_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_versions")),
        sa.UniqueConstraint("kind", "record_id", "version", name=op.f("uq_record_versions_kind_record_id_version")),
    )
    op.create_table(
        "residents",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("identity_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="sex", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "present",
                "away",
                "moved",
                "deceased",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column(
            "preferred_channel",
            sa.Enum(
                "VISIT",
                "PHONE",
                "CLINIC",
                "MESSAGE",
                "FAMILY",
                "NONE",
                name="preferred_channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("draft_id", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_residents_entered_by_staff")),
        sa.ForeignKeyConstraint(["group_id"], ["places.id"], name=op.f("fk_residents_group_id_places")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_residents_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_residents_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_residents_draft_id")),
    )
    op.create_index("ix_residents_identity_hash", "residents", ["township_id", "identity_hash"])
    op.create_index("ix_residents_name_hash", "residents", ["township_id", "name_hash"])
    op.create_index("ix_residents_phone_hash", "residents", ["township_id", "phone_hash"])
    op.create_index("ix_residents_village_listed", "residents", ["village_id", "restricted", "status"])

    op.create_table(
        "consents",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "HEALTH_RECORD",
                "CONTACT",
                "REMINDERS",
                "HANDOVER",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("recorded_by", ID, nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("guardian", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_consents_recorded_by_staff")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_consents_resident_id_residents")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_consents_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_consents_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_resident_id", "consents", ["resident_id"])
    op.create_index(
        "uq_consents_given",
        "consents",
        ["resident_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "enrolments",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("programme_version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "ended", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("lmp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "ATTENDED",
                "RESCHEDULED",
                "AWAY",
                "DECLINED",
                "OTHER_PROVIDER",
                "ILL",
                "NOT_REACHED",
                "MOVED",
                "DECEASED",
                "CONSENT_WITHDRAWN",
                "NOT_DUE",
                name="ended_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_item", sa.String(length=40), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_target_on", sa.Date(), nullable=True),
        sa.Column("next_closes_on", sa.Date(), nullable=True),
        sa.Column("refresh_on", sa.Date(), nullable=True),
        sa.Column("followup_on", sa.Date(), nullable=True),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_enrolments_approved_by_staff")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_enrolments_resident_id_residents")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_enrolments_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_enrolments_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
    )
    op.create_index("ix_enrolments_refresh_on", "enrolments", ["refresh_on"])
    op.create_index("ix_enrolments_resident_id", "enrolments", ["resident_id"])
    op.create_index("ix_enrolments_township_closes", "enrolments", ["township_id", "next_closes_on"])
    op.create_index("ix_enrolments_village_due", "enrolments", ["village_id", "next_due_on"])
    op.create_index(
        "uq_enrolments_active",
        "enrolments",
        ["resident_id", "programme"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )

    op.create_table(
        "attendances",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("day_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=True),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("window_opens_on", sa.Date(), nullable=True),
        sa.Column("window_closes_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "ATTENDED",
                "RESCHEDULED",
                "AWAY",
                "DECLINED",
                "OTHER_PROVIDER",
                "ILL",
                "NOT_REACHED",
                "MOVED",
                "DECEASED",
                "CONSENT_WITHDRAWN",
                "NOT_DUE",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("abnormal", sa.Boolean(), nullable=False),
        sa.Column("uncontrolled", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("reaction", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("draft_id", ID, nullable=True),
        sa.Column("sbp", sa.Integer(), nullable=True),
        sa.Column("dbp", sa.Integer(), nullable=True),
        sa.Column("pulse", sa.Integer(), nullable=True),
        sa.Column("temperature", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("waist", sa.Integer(), nullable=True),
        sa.Column("glucose", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["day_id"], ["checkup_days.id"], name=op.f("fk_attendances_day_id_checkup_days")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendances_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_attendances_entered_by_staff")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_attendances_resident_id_residents")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_attendances_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_attendances_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_attendances_draft_id")),
    )
    op.create_index("ix_attendances_enrolment_id", "attendances", ["enrolment_id"])
    op.create_index("ix_attendances_resident_id", "attendances", ["resident_id"])
    op.create_index("ix_attendances_village_on", "attendances", ["village_id", "held_on"])
    op.create_index(
        "uq_attendances_settled",
        "attendances",
        ["day_id", "resident_id"],
        unique=True,
        sqlite_where=sa.text("settled AND voided_at IS NULL"),
        postgresql_where=sa.text("settled AND voided_at IS NULL"),
    )

    op.create_table(
        "visits",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("enrolment_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("window_opens_on", sa.Date(), nullable=True),
        sa.Column("window_closes_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "ATTENDED",
                "RESCHEDULED",
                "AWAY",
                "DECLINED",
                "OTHER_PROVIDER",
                "ILL",
                "NOT_REACHED",
                "MOVED",
                "DECEASED",
                "CONSENT_WITHDRAWN",
                "NOT_DUE",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "VISIT",
                "PHONE",
                "CLINIC",
                "MESSAGE",
                "FAMILY",
                "NONE",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("abnormal", sa.Boolean(), nullable=False),
        sa.Column("uncontrolled", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("reaction", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("draft_id", ID, nullable=True),
        sa.Column("sbp", sa.Integer(), nullable=True),
        sa.Column("dbp", sa.Integer(), nullable=True),
        sa.Column("pulse", sa.Integer(), nullable=True),
        sa.Column("temperature", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("waist", sa.Integer(), nullable=True),
        sa.Column("glucose", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_visits_enrolment_id_enrolments")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_visits_entered_by_staff")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_visits_resident_id_residents")),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name=op.f("fk_visits_township_id_places")),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name=op.f("fk_visits_village_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_visits_draft_id")),
    )
    op.create_index("ix_visits_enrolment", "visits", ["enrolment_id", "visited_on"])
    op.create_index("ix_visits_resident_id", "visits", ["resident_id"])
    op.create_index("ix_visits_village_on", "visits", ["village_id", "visited_on"])


def downgrade() -> None:
    """Go back to the one before: an empty database."""
    for table in reversed(TABLES):
        op.drop_table(table)
