"""The language that a person reads."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(length=16)))


def downgrade() -> None:
    op.drop_column("person", "language")
