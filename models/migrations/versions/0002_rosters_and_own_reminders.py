"""What came after the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "dictations",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("day_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["day_id"], ["checkup_days.id"], name="fk_dictations_day_id_checkup_days"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_dictations_staff_id_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_dictations_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_dictations_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_dictations"),
    )
    op.create_table(
        "roster_views",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("telegram_user_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("day_id", ID, nullable=False),
        sa.Column("screen", sa.String(length=16), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("filter_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("busy_until", MOMENT, nullable=True),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["checkup_days.id"], name="fk_roster_views_day_id_checkup_days"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_roster_views_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_roster_views"),
        sa.UniqueConstraint("chat_id", name="uq_roster_views_chat_id"),
    )
    with op.batch_alter_table("roster_views", schema=None) as batch_op:
        batch_op.create_index("ix_roster_views_day_id", ["day_id"])

    op.create_table(
        "resident_accounts",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("tied_at", MOMENT, nullable=False),
        sa.Column("reminders_since", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_resident_accounts_resident_id_residents"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_resident_accounts_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_resident_accounts"),
        sa.UniqueConstraint("staff_id", name="uq_resident_accounts_staff_id"),
    )
    with op.batch_alter_table("resident_accounts", schema=None) as batch_op:
        batch_op.create_index("ix_resident_accounts_resident_id", ["resident_id"])

    op.create_table(
        "resident_links",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("opened_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_resident_links_made_by_staff"),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_resident_links_resident_id_residents"),
        sa.PrimaryKeyConstraint("id", name="pk_resident_links"),
        sa.UniqueConstraint("code_hash", name="uq_resident_links_code_hash"),
    )
    with op.batch_alter_table("resident_links", schema=None) as batch_op:
        batch_op.create_index("ix_resident_links_resident_id", ["resident_id"])

    op.create_table(
        "roster_lines",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("day_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "attended",
                "absent",
                "declined",
                "away",
                "other",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("batch_id", ID, nullable=True),
        sa.Column("measures_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("marked_by", ID, nullable=True),
        sa.Column("marked_at", MOMENT, nullable=True),
        sa.Column("record_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["day_id"], ["checkup_days.id"], name="fk_roster_lines_day_id_checkup_days"),
        sa.ForeignKeyConstraint(["marked_by"], ["staff.id"], name="fk_roster_lines_marked_by_staff"),
        sa.ForeignKeyConstraint(["record_id"], ["attendances.id"], name="fk_roster_lines_record_id_attendances"),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_roster_lines_resident_id_residents"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_roster_lines_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_roster_lines_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_roster_lines"),
        sa.UniqueConstraint("day_id", "number", name="uq_roster_lines_day_id_number"),
        sa.UniqueConstraint("day_id", "resident_id", name="uq_roster_lines_day_id_resident_id"),
    )
    with op.batch_alter_table("roster_lines", schema=None) as batch_op:
        batch_op.create_index("ix_roster_lines_resident_id", ["resident_id"])

    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_on", sa.Date(), nullable=True))
        batch_op.create_index("ix_alerts_due_on", ["township_id", "due_on"])

    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attendances_counted",
            ["township_id", "held_on", "village_id", "outcome"],
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index("ix_attendances_place", ["day_id", "resident_id"])

    with op.batch_alter_table("checkup_days", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_by", ID, nullable=True))
        batch_op.add_column(sa.Column("closed_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("roster_revision", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("counsellings", schema=None) as batch_op:
        batch_op.create_index("ix_counsellings_counted", ["township_id", "counselled_on"])

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index("ix_enrolments_township_refresh", ["township_id", "refresh_on"])
        batch_op.create_index(
            "ix_enrolments_village_programme", ["village_id", "programme", "state", "enrolled_on", "resident_id"]
        )
        batch_op.create_index(
            "ix_enrolments_waiting",
            ["township_id", "next_due_on", "next_closes_on", "village_id", "programme", "resident_id"],
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visits_counted",
            ["township_id", "visited_on", "village_id", "outcome", "programme"],
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "ix_visits_windows",
            ["township_id", "window_closes_on", "village_id", "outcome", "visited_on", "item", "programme"],
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_visits_windows",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_visits_counted",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_enrolments_waiting",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index("ix_enrolments_village_programme")
        batch_op.drop_index("ix_enrolments_township_refresh")

    with op.batch_alter_table("counsellings", schema=None) as batch_op:
        batch_op.drop_index("ix_counsellings_counted")

    with op.batch_alter_table("checkup_days", schema=None) as batch_op:
        batch_op.drop_column("roster_revision")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("closed_by")

    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index("ix_attendances_place")
        batch_op.drop_index(
            "ix_attendances_counted",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index("ix_alerts_due_on")
        batch_op.drop_column("held_on")

    with op.batch_alter_table("roster_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_lines_resident_id")

    op.drop_table("roster_lines")
    with op.batch_alter_table("resident_links", schema=None) as batch_op:
        batch_op.drop_index("ix_resident_links_resident_id")

    op.drop_table("resident_links")
    with op.batch_alter_table("resident_accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_resident_accounts_resident_id")

    op.drop_table("resident_accounts")
    with op.batch_alter_table("roster_views", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_views_day_id")

    op.drop_table("roster_views")
    op.drop_table("dictations")
