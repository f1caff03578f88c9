"""The directory: whom people hide, how well others fit, and when somebody was asked."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("proposal", sa.Column("asked_at", _MOMENT))
    op.create_index("ix_proposal_asked_by", "proposal", ["asked_by"])
    op.create_index("ix_audit_entry_actor_id_at", "audit_entry", ["actor_id", "at"])
    op.create_table(
        "hidden_person",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hidden_id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hidden_person_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hidden_id"], ["person.id"], name="fk_hidden_person_hidden_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "hidden_id", name="pk_hidden_person"),
    )
    op.create_index("ix_hidden_person_hidden_id", "hidden_person", ["hidden_id"])
    op.create_table(
        "fit",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("worked_out_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_fit_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_fit_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "role", name="pk_fit"),
    )
    op.create_index("ix_fit_person_id", "fit", ["person_id"])


def downgrade() -> None:
    op.drop_table("fit")
    op.drop_table("hidden_person")
    op.drop_index("ix_audit_entry_actor_id_at", "audit_entry")
    op.drop_index("ix_proposal_asked_by", "proposal")
    op.drop_column("proposal", "asked_at")
