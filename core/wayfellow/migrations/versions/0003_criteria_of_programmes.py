"""Criteria of programmes."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "match_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_match_criteria_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_match_criteria_programme_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match_criteria"),
        sa.UniqueConstraint("programme_id", "number", name="uq_match_criteria_programme_id_number"),
    )


def downgrade() -> None:
    op.drop_table("match_criteria")
