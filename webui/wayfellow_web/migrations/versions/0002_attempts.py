"""Count what strangers try."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "web_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_attempt"),
    )
    op.create_index("ix_web_attempt_at", "web_attempt", ["at"])
    op.create_index("ix_web_attempt_network_at", "web_attempt", ["network", "at"])


def downgrade() -> None:
    op.drop_table("web_attempt")
