"""Requests between people, proposals by hand, until when an answer is waited for, and what programmes allow."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("programme", sa.Column("rules", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("proposal") as table:
        table.add_column(sa.Column("origin", sa.String(length=8), nullable=False, server_default="run"))
        table.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="mentorship"))
        table.add_column(sa.Column("asked_by", sa.Integer()))
        table.add_column(sa.Column("message", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("choice", sa.Integer()))
        table.add_column(sa.Column("expires_at", _MOMENT))
        table.add_column(sa.Column("reminded_at", _MOMENT))
        table.create_foreign_key("fk_proposal_asked_by", "person", ["asked_by"], ["id"], ondelete="SET NULL")
    op.create_index("ix_proposal_expires_at", "proposal", ["expires_at"])
    op.add_column("mentorship", sa.Column("kind", sa.String(length=16), nullable=False, server_default="mentorship"))
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_remark_proposal_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_remark_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
    )
    for name in ("proposal_id", "person_id"):
        op.create_index(f"ix_remark_{name}", "remark", [name])


def downgrade() -> None:
    op.drop_table("remark")
    op.drop_column("mentorship", "kind")
    op.drop_index("ix_proposal_expires_at", "proposal")
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint("fk_proposal_asked_by", type_="foreignkey")
        for name in ("reminded_at", "expires_at", "choice", "message", "asked_by", "kind", "origin"):
            table.drop_column(name)
    op.drop_column("programme", "rules")
