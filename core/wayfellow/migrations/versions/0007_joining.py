"""When people apply and for what, drafts of applications, and how members came to their state."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"

_CYCLE = ("registration_opens_on", "registration_closes_on")


def upgrade() -> None:
    op.add_column("programme", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("programme", sa.Column("form", sa.JSON(), nullable=False, server_default="{}"))
    for name in _CYCLE:
        op.add_column("cycle", sa.Column(name, sa.Date()))
    op.add_column("cycle", sa.Column("open_to", sa.JSON(), nullable=False, server_default='["mentee", "mentor"]'))
    for column in (
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("state_since", sa.DateTime(timezone=True)),
        sa.Column("state_before", sa.String(length=16)),
        sa.Column("reason", sa.String(length=32)),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("back_on", sa.Date()),
    ):
        op.add_column("membership", column)
    op.create_table(
        "application_draft",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_application_draft_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_application_draft_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "role", name="pk_application_draft"),
    )


def downgrade() -> None:
    op.drop_table("application_draft")
    for name in ("back_on", "note", "reason", "state_before", "state_since", "applied_at"):
        op.drop_column("membership", name)
    for name in ("open_to", *_CYCLE):
        op.drop_column("cycle", name)
    for name in ("form", "is_public"):
        op.drop_column("programme", name)
