"""What figures need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "tallies",
        sa.Column("village_id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("counts", sa.String(length=80), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("village_id", "code", "month", "basis", name="pk_tallies"),
    )
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.create_index("ix_tallies_counted_at", ["counted_at"])
        batch_op.create_index("ix_tallies_read", ["township_id", "code", "month"])

    op.create_table(
        "touches",
        sa.Column("id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=True),
        sa.Column(
            "lot",
            sa.Enum(
                "done",
                "waiting",
                "followup",
                "round",
                "choice",
                "care",
                "birth",
                name="lot",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_touches"),
    )
    with op.batch_alter_table("touches", schema=None) as batch_op:
        batch_op.create_index("ix_touches_township_id", ["township_id"])

    op.create_table(
        "satisfaction_answers",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "satisfied", "fair", "dissatisfied", name="answer", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_satisfaction_answers_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_satisfaction_answers_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_satisfaction_answers"),
    )
    with op.batch_alter_table("satisfaction_answers", schema=None) as batch_op:
        batch_op.create_index("ix_satisfaction_answers_month", ["township_id", "month"])

    op.create_table(
        "satisfaction_asked",
        sa.Column("township_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_satisfaction_asked_township_id_places"),
        sa.PrimaryKeyConstraint("township_id", "month", name="pk_satisfaction_asked"),
    )
    op.create_table(
        "appeals",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "timeliness",
                "reporting",
                "checkup_offer",
                "informed_choice",
                "complaints",
                "veto",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("asked", "accepted", "refused", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "effect",
            sa.Enum(
                "recounted",
                "left_out",
                "day_left_out",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("decision_draft_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_appeals_asked_by_staff"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_appeals_decided_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_appeals_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_appeals_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sa.UniqueConstraint("decision_draft_id", name="uq_appeals_decision_draft_id"),
        sa.UniqueConstraint("draft_id", name="uq_appeals_draft_id"),
        sa.UniqueConstraint("village_id", "month", "part", name="uq_appeals_village_id_month_part"),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("ix_appeals_township_state", ["township_id", "state"])

    op.create_table(
        "birth_totals",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("boys", sa.Integer(), nullable=False),
        sa.Column("girls", sa.Integer(), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("draft_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name="fk_birth_totals_entered_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_birth_totals_township_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_birth_totals"),
        sa.UniqueConstraint("draft_id", name="uq_birth_totals_draft_id"),
    )
    with op.batch_alter_table("birth_totals", schema=None) as batch_op:
        batch_op.create_index("ix_birth_totals_year", ["township_id", "year"])

    op.create_table(
        "complaints",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "coercion",
                "privacy",
                "refused",
                "fee",
                "attitude",
                "waiting",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "concern",
            sa.Enum(
                "village", "clinic", "unsaid", name="concern", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "bot",
                "phone",
                "letter_box",
                "in_person",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "handler",
            sa.Enum(
                "resident",
                "manager",
                "clinic",
                "deputy",
                "leader",
                "admin",
                name="handler",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "confirmed",
                "not_confirmed",
                "withdrawn",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("answer_draft_id", ID, nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name="fk_complaints_answered_by_staff"),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name="fk_complaints_entered_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_complaints_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_complaints_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
        sa.UniqueConstraint("answer_draft_id", name="uq_complaints_answer_draft_id"),
        sa.UniqueConstraint("code_hash", name="uq_complaints_code_hash"),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index("ix_complaints_township_due", ["township_id", "due_on"])
        batch_op.create_index("ix_complaints_township_open", ["township_id", "answered_on", "due_on"])

    op.create_table(
        "publication_places",
        sa.Column("township_id", ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", ID, nullable=True),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("asked", sa.String(length=40), nullable=True),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_publication_places_asked_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_publication_places_township_id_places"),
        sa.PrimaryKeyConstraint("township_id", name="pk_publication_places"),
    )
    op.create_table(
        "publications",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "shown", "approved", "declined", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("version", ID, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("chat_id", ID, nullable=True),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("attempt", ID, nullable=False),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.Column("message_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_publications_decided_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_publications_township_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.UniqueConstraint("township_id", "month", "edition", name="uq_publications_township_id_month_edition"),
    )
    op.create_table(
        "report_files",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column(
            "form",
            sa.Enum("xlsx", "pdf", "both", name="form", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_report_files_staff_id_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_report_files_township_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_report_files"),
    )
    with op.batch_alter_table("report_files", schema=None) as batch_op:
        batch_op.create_index("ix_report_files_staff_id", ["staff_id"])
        batch_op.create_index("ix_report_files_state", ["state"])

    op.create_table(
        "report_subscriptions",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "month",
                "month_early",
                "quarter",
                "year",
                "meeting",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum("xlsx", "pdf", "both", name="form", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_report_subscriptions_staff_id_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_report_subscriptions_township_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_report_subscriptions"),
        sa.UniqueConstraint("staff_id", "occasion", name="uq_report_subscriptions_staff_id_occasion"),
    )
    with op.batch_alter_table("report_subscriptions", schema=None) as batch_op:
        batch_op.create_index("ix_report_subscriptions_township_id", ["township_id"])

    op.create_table(
        "targets",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", ID, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("draft_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name="fk_targets_set_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_targets_township_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_targets"),
        sa.UniqueConstraint("draft_id", name="uq_targets_draft_id"),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index("ix_targets_township_year", ["township_id", "year"])

    op.create_table(
        "scorecards",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("final", "appeal", name="reason", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("appeal_id", ID, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_scorecards_appeal_id_appeals"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_scorecards_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_scorecards_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_scorecards"),
        sa.UniqueConstraint("village_id", "month", "version", name="uq_scorecards_village_id_month_version"),
    )
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.create_index("ix_scorecards_township_month", ["township_id", "month"])

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chat_id", ID, nullable=True))

    with op.batch_alter_table("resident_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("may_rate", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
    by_hand_up()


def downgrade() -> None:
    """Go back to the one before."""
    by_hand_down()
    with op.batch_alter_table("resident_accounts", schema=None) as batch_op:
        batch_op.drop_column("may_rate")
        batch_op.drop_column("asked_on")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("chat_id")

    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.drop_index("ix_scorecards_township_month")

    op.drop_table("scorecards")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index("ix_targets_township_year")

    op.drop_table("targets")
    with op.batch_alter_table("report_subscriptions", schema=None) as batch_op:
        batch_op.drop_index("ix_report_subscriptions_township_id")

    op.drop_table("report_subscriptions")
    with op.batch_alter_table("report_files", schema=None) as batch_op:
        batch_op.drop_index("ix_report_files_state")
        batch_op.drop_index("ix_report_files_staff_id")

    op.drop_table("report_files")
    op.drop_table("publications")
    op.drop_table("publication_places")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_township_open")
        batch_op.drop_index("ix_complaints_township_due")

    op.drop_table("complaints")
    with op.batch_alter_table("birth_totals", schema=None) as batch_op:
        batch_op.drop_index("ix_birth_totals_year")

    op.drop_table("birth_totals")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index("ix_appeals_township_state")

    op.drop_table("appeals")
    op.drop_table("satisfaction_asked")
    with op.batch_alter_table("satisfaction_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_satisfaction_answers_month")

    op.drop_table("satisfaction_answers")
    with op.batch_alter_table("touches", schema=None) as batch_op:
        batch_op.drop_index("ix_touches_township_id")

    op.drop_table("touches")
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.drop_index("ix_tallies_read")
        batch_op.drop_index("ix_tallies_counted_at")

    op.drop_table("tallies")


# By hand: the triggers, as models.tables.triggers had them when this was released.

ANY_DAY = "CAST(NULL AS date)"

TRIGGERS: tuple[tuple[str, str, str, str, tuple[tuple[str, ...], ...]], ...] = (
    (
        *("visits", "visits", "insert update delete"),
        "",
        (
            ("r.township_id, r.village_id", "done", "r.visited_on", "r.visited_on", "", ""),
            (
                "r.township_id, r.village_id",
                "followup",
                "r.window_closes_on",
                "r.window_closes_on",
                "",
                "r.window_closes_on IS NOT NULL",
            ),
            (
                "a.township_id, a.village_id",
                "followup",
                "a.due_on",
                "a.due_on",
                "alerts a",
                "a.kind = 'visit' AND a.subject_id = r.enrolment_id AND a.due_on = r.window_closes_on",
            ),
            ("e.township_id, e.village_id", "care", "r.visited_on", ANY_DAY, "enrolments e", "e.id = r.enrolment_id"),
            ("e.township_id, e.village_id", "birth", ANY_DAY, ANY_DAY, "enrolments e", "e.id = r.enrolment_id"),
        ),
    ),
    (
        *("attendances", "attendances", "insert update delete"),
        "",
        (
            ("r.township_id, r.village_id", "done", "r.held_on", "r.held_on", "", ""),
            ("d.township_id, d.village_id", "round", "d.held_on", "d.held_on", "checkup_days d", "d.id = r.day_id"),
        ),
    ),
    (
        *("checkup_days", "new_days", "insert"),
        "",
        (("r.township_id, r.village_id", "round", "r.held_on", "r.held_on", "", ""),),
    ),
    (
        *("checkup_days", "days", "update delete"),
        "township_id village_id nominal_on held_on state",
        (("r.township_id, r.village_id", "round", ANY_DAY, ANY_DAY, "", ""),),
    ),
    (
        *("counsellings", "counsellings", "insert update delete"),
        "",
        (("r.township_id, r.village_id", "choice", "r.counselled_on", "r.counselled_on", "", ""),),
    ),
    (
        *("enrolments", "windows", "insert update delete"),
        "resident_id township_id village_id programme state enrolled_on ended_on paused anchors "
        "lmp_sealed next_item next_due_on next_closes_on",
        (
            ("r.township_id, r.village_id", "waiting", ANY_DAY, ANY_DAY, "", "r.next_due_on IS NOT NULL"),
            (
                "r.township_id, r.village_id",
                "followup",
                "r.next_closes_on",
                "r.next_closes_on",
                "",
                "r.next_closes_on IS NOT NULL",
            ),
            (
                "a.township_id, a.village_id",
                "followup",
                "a.due_on",
                "a.due_on",
                "alerts a",
                "a.kind = 'visit' AND a.subject_id = r.id AND a.due_on = r.next_closes_on",
            ),
        ),
    ),
    (
        *("enrolments", "standing", "insert update delete"),
        "resident_id township_id village_id programme state enrolled_on ended_on paused anchors lmp_sealed",
        (
            (
                "a.township_id, a.village_id",
                "followup",
                "a.due_on",
                "a.due_on",
                "alerts a",
                "a.kind = 'visit' AND a.subject_id = r.id",
            ),
            ("r.township_id, r.village_id", "round", "r.enrolled_on", ANY_DAY, "", "r.programme = 'checkup'"),
            ("r.township_id, r.village_id", "care", "r.enrolled_on", ANY_DAY, "", ""),
            ("r.township_id, r.village_id", "birth", ANY_DAY, ANY_DAY, "", ""),
            ("e.township_id, e.village_id", "birth", ANY_DAY, ANY_DAY, "enrolments e", "e.resident_id = r.resident_id"),
        ),
    ),
    (
        *("residents", "residents", "update"),
        "township_id village_id status restricted merged_into",
        (
            ("e.township_id, e.village_id", "waiting", ANY_DAY, ANY_DAY, "enrolments e", "e.resident_id = r.id"),
            (
                "e.township_id, e.village_id",
                "followup",
                "e.next_closes_on",
                "e.next_closes_on",
                "enrolments e",
                "e.resident_id = r.id AND e.next_closes_on IS NOT NULL",
            ),
            (
                "e.township_id, e.village_id",
                "round",
                "e.enrolled_on",
                ANY_DAY,
                "enrolments e",
                "e.resident_id = r.id AND e.programme = 'checkup'",
            ),
        ),
    ),
    (
        *("alerts", "alerts", "insert update delete"),
        "kind subject_id due_on township_id village_id closed_on closed_why",
        (
            (
                "r.township_id, r.village_id",
                "followup",
                "r.due_on",
                "r.due_on",
                "",
                "r.kind = 'visit' AND r.closed_on IS NOT NULL",
            ),
        ),
    ),
    (
        *("places", "places", "update"),
        "checkup_dom zone",
        (("r.township_id, CASE WHEN r.kind = 'village' THEN r.id END", "round", ANY_DAY, ANY_DAY, "", ""),),
    ),
)
"""Table, name, events, columns of which one has to change in an update (none: any), and what is touched: where, which
lot, since and until which day, by which other row, on which condition."""


def by_hand_up() -> None:
    """Install the triggers."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, events, columns, effects in TRIGGERS:
        for event in events.split():
            if is_sqlite:
                op.execute(of_sqlite(table, f"touch_{name}_{event}", event, columns.split(), effects))
            else:
                op.execute(function(f"touch_{name}_{event}", event, columns.split(), effects))
                op.execute(of_postgres(table, f"touch_{name}_{event}", event))


def by_hand_down() -> None:
    """Take the triggers away."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, events, _, _ in TRIGGERS:
        for event in events.split():
            op.execute(f"DROP TRIGGER touch_{name}_{event}" + ("" if is_sqlite else f" ON {table}"))
            if not is_sqlite:
                op.execute(f"DROP FUNCTION touch_{name}_{event}()")


def of_sqlite(table: str, name: str, event: str, columns: list[str], effects: tuple[tuple[str, ...], ...]) -> str:
    """Return the statement that makes a trigger on SQLite."""
    images = {"insert": ["NEW"], "delete": ["OLD"], "update": ["OLD", "NEW"]}[event]
    parts = [select(effect, "", " FROM ").replace("r.", f"{row}.") for effect in effects for row in images]
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    when = f"\nWHEN {changed}" if changed and event == "update" else ""
    head = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} FOR EACH ROW{when}"
    return f"{head}\nBEGIN\n{insert(parts)};\nEND"


def of_postgres(table: str, name: str, event: str) -> str:
    """Return the statement that makes a trigger on PostgreSQL."""
    new, old = "NEW TABLE AS new_rows", "OLD TABLE AS old_rows"
    named = {"insert": new, "delete": old, "update": f"{old} {new}"}[event]
    head = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {named}"
    return f"{head}\nFOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def function(name: str, event: str, columns: list[str], effects: tuple[tuple[str, ...], ...]) -> str:
    """Return the statement that makes what a trigger runs on PostgreSQL."""
    rows = {"insert": "new_rows", "delete": "old_rows", "update": "changed"}[event]
    parts = [select(effect, f" FROM {rows} r", ", ") for effect in effects]
    before = changed_rows(columns) if event == "update" else ""
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
    return f"{head}\nBEGIN\n{before}{insert(parts)};\nRETURN NULL;\nEND $$"


def changed_rows(columns: list[str]) -> str:
    """Return what names the rows that an update has changed, as they were and as they are."""
    old, new = (", ".join(comparable(row, column) for column in columns) for row in "on")
    differs = f" WHERE ({old}) IS DISTINCT FROM ({new})" if columns else ""
    both = f"FROM old_rows o JOIN new_rows n ON n.id = o.id{differs}"
    return f"WITH changed AS (SELECT o.* {both} UNION ALL SELECT n.* {both})\n"


def comparable(row: str, column: str) -> str:
    """Return a column; of JSON its text, as PostgreSQL can't compare the values."""
    return f"CAST({row}.{column} AS text)" if column == "anchors" else f"{row}.{column}"


def select(effect: tuple[str, ...], rows: str, comma: str) -> str:
    """Return what is selected of the rows and of the other row."""
    place, lot, since, until, source, condition = effect
    others, where = source and comma + source, condition and f" WHERE {condition}"
    return f"SELECT {place}, '{lot}', {since}, {until}{rows}{others}{where}"


def insert(parts: list[str]) -> str:
    """Return the statement that touches."""
    return "INSERT INTO touches (township_id, village_id, lot, since, until)\n" + "\nUNION ".join(parts)
