"""What benefits need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "benefit_applications",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column(
            "benefit",
            sa.Enum(
                "only_child",
                "reward",
                "special",
                "difficulty",
                name="benefit",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "confirmed",
                "not_eligible",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("draft_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name="fk_benefit_applications_entered_by_staff"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name="fk_benefit_applications_resident_id_residents"
        ),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_benefit_applications_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_benefit_applications_village_id_places"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["staff.id"], name="fk_benefit_applications_withdrawn_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_benefit_applications"),
        sa.UniqueConstraint("draft_id", name="uq_benefit_applications_draft_id"),
    )
    with op.batch_alter_table("benefit_applications", schema=None) as batch_op:
        batch_op.create_index("ix_benefit_applications_entered", ["entered_by", "entered_at"])
        batch_op.create_index("ix_benefit_applications_resident_id", ["resident_id"])
        batch_op.create_index("ix_benefit_applications_waiting", ["township_id", "state", "decide_by"])

    op.create_table(
        "benefit_decisions",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("is_renewal", sa.Boolean(), nullable=False),
        sa.Column("ground_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("instead_of", ID, nullable=True),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["benefit_applications.id"],
            name="fk_benefit_decisions_application_id_benefit_applications",
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name="fk_benefit_decisions_entered_by_staff"),
        sa.ForeignKeyConstraint(
            ["instead_of"], ["benefit_decisions.id"], name="fk_benefit_decisions_instead_of_benefit_decisions"
        ),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_benefit_decisions_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_benefit_decisions_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_benefit_decisions"),
    )
    with op.batch_alter_table("benefit_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_benefit_decisions_application_id", ["application_id"])
        batch_op.create_index("ix_benefit_decisions_counted", ["township_id", "decided_on"])

    op.create_table(
        "benefit_payments",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("township_id", ID, nullable=False),
        sa.Column("village_id", ID, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["benefit_decisions.id"], name="fk_benefit_payments_decision_id_benefit_decisions"
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name="fk_benefit_payments_entered_by_staff"),
        sa.ForeignKeyConstraint(["township_id"], ["places.id"], name="fk_benefit_payments_township_id_places"),
        sa.ForeignKeyConstraint(["village_id"], ["places.id"], name="fk_benefit_payments_village_id_places"),
        sa.PrimaryKeyConstraint("id", name="pk_benefit_payments"),
        sa.UniqueConstraint("batch_id", "decision_id", name="uq_benefit_payments_batch_id_decision_id"),
    )
    with op.batch_alter_table("benefit_payments", schema=None) as batch_op:
        batch_op.create_index("ix_benefit_payments_decision", ["decision_id"])
    by_hand_up()


def downgrade() -> None:
    """Go back to the one before."""
    by_hand_down()
    with op.batch_alter_table("benefit_payments", schema=None) as batch_op:
        batch_op.drop_index("ix_benefit_payments_decision")

    op.drop_table("benefit_payments")
    with op.batch_alter_table("benefit_decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_benefit_decisions_counted")
        batch_op.drop_index("ix_benefit_decisions_application_id")

    op.drop_table("benefit_decisions")
    with op.batch_alter_table("benefit_applications", schema=None) as batch_op:
        batch_op.drop_index("ix_benefit_applications_waiting")
        batch_op.drop_index("ix_benefit_applications_resident_id")
        batch_op.drop_index("ix_benefit_applications_entered")

    op.drop_table("benefit_applications")


# By hand: codes that older tables learn, and the triggers, as models.tables.triggers had them when this was released.

ANY_DAY = "CAST(NULL AS date)"
OF_PERSON = "benefit_applications a JOIN benefit_decisions d ON d.application_id = a.id"
ON_ITS_DAY = ("d.township_id, d.village_id", "benefit", "d.decided_on", "d.decided_on")

TRIGGERS: tuple[tuple[str, str, str, str, tuple[tuple[str, ...], ...]], ...] = (
    (
        *("benefit_decisions", "benefit_decisions", "insert update delete", ""),
        (("r.township_id, r.village_id", "benefit", "r.decided_on", "r.decided_on", "", ""),),
    ),
    (
        *("benefit_payments", "benefit_payments", "insert update delete", ""),
        ((*ON_ITS_DAY, "benefit_decisions d", "d.id = r.decision_id"),),
    ),
    (
        *("benefit_applications", "benefit_applications", "insert update delete"),
        "resident_id township_id village_id applied_on state voided_at",
        ((*ON_ITS_DAY, "benefit_decisions d", "d.application_id = r.id"),),
    ),
    (
        *("residents", "benefit_people", "update", "township_id status restricted"),
        ((*ON_ITS_DAY, OF_PERSON, "a.resident_id = r.id"),),
    ),
    (
        *("consents", "benefit_consents", "insert update delete", "resident_id purpose withdrawn_at"),
        ((*ON_ITS_DAY, OF_PERSON, "a.resident_id = r.resident_id AND r.purpose = 'BENEFITS'"),),
    ),
)
"""As in the revision before."""

_RECORDS = "visit attendance registration counselling examination referral"
CODES = (
    ("consents", "purpose", "HEALTH_RECORD CONTACT REMINDERS HANDOVER", "BENEFITS"),
    ("touches", "lot", "done waiting followup round choice care birth", "benefit"),
    ("record_versions", "kind", _RECORDS, "benefit payment"),
    ("correction_grants", "kind", _RECORDS, "benefit payment"),
)
"""Table and column of codes, those that there were, and those that come."""


def by_hand_up() -> None:
    """Let the codes in, and install the triggers, written out by the revision before, which never changes either."""
    from importlib import import_module

    kept = triggers_away()
    for table, column, known, more in CODES:
        allow(table, column, f"{known} {more}")
    triggers_back(kept)
    is_sqlite, written = (
        op.get_bind().dialect.name == "sqlite",
        import_module("models.migrations.versions.0003_figures"),
    )
    for table, name, events, columns, effects in TRIGGERS:
        for event in events.split():
            if is_sqlite:
                op.execute(written.of_sqlite(table, f"touch_{name}_{event}", event, columns.split(), effects))
            else:
                op.execute(written.function(f"touch_{name}_{event}", event, columns.split(), effects))
                op.execute(written.of_postgres(table, f"touch_{name}_{event}", event))


def by_hand_down() -> None:
    """Take the triggers away, and what has one of the codes."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, events, _, _ in TRIGGERS:
        for event in events.split():
            op.execute(f"DROP TRIGGER touch_{name}_{event}" + ("" if is_sqlite else f" ON {table}"))
            if not is_sqlite:
                op.execute(f"DROP FUNCTION touch_{name}_{event}()")
    kept = triggers_away()
    for table, column, known, _ in CODES:
        of: sa.ColumnClause[str] = sa.column(column)
        op.execute(sa.delete(sa.table(table, of)).where(of.not_in(known.split())))
        allow(table, column, known)
    triggers_back(kept)


def allow(table: str, column: str, codes: str) -> None:
    """Let a column have these codes and no others."""
    listed = ", ".join(f"'{code}'" for code in codes.split())
    with op.batch_alter_table(table) as batch_op:
        name = batch_op.f(f"ck_{table}_{column}")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, sa.text(f"{column} IN ({listed})"))


def triggers_away() -> list[str]:
    """Take all triggers away on SQLite, which makes a table anew to alter it; return how they were made."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return []
    found = bind.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in found:
        op.execute(f"DROP TRIGGER {name}")
    return [str(made) for _, made in found]


def triggers_back(made: list[str]) -> None:
    """Install what was taken away, as it was."""
    for statement in made:
        op.execute(statement)
