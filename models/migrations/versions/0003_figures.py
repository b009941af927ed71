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


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_township_open")
        batch_op.drop_index("ix_complaints_township_due")

    op.drop_table("complaints")
