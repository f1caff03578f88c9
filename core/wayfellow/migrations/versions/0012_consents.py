"""Who is asked about a proposal by hand and why not both, and concerns that people raise."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("proposal", sa.Column("asks", sa.String(length=8), nullable=False, server_default="both"))
    op.add_column("proposal", sa.Column("why_arranged", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("about_id", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT),
        sa.Column("settled_by", sa.Integer()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_concern_programme_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_concern_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name="fk_concern_about_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="fk_concern_settled_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_concern"),
    )
    op.create_index("ix_concern_programme_id_state", "concern", ["programme_id", "state"])


def downgrade() -> None:
    op.drop_table("concern")
    op.drop_column("proposal", "why_arranged")
    op.drop_column("proposal", "asks")
