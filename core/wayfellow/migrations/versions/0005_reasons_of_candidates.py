"""Keep with each candidate how the mentor ranks the mentee, and why not."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.add_column("candidate", sa.Column("rank_for_mentor", sa.Integer()))
    op.add_column("candidate", sa.Column("reasons", sa.JSON()))


def downgrade() -> None:
    op.drop_column("candidate", "reasons")
    op.drop_column("candidate", "rank_for_mentor")
