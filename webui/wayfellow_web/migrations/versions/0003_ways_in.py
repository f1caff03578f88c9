"""Keep passwords, and when somebody last showed who they are."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.add_column("web_account", sa.Column("password_hash", sa.String(length=200), nullable=True))
    op.add_column("web_session", sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE web_session SET fresh_at = created_at")
    with op.batch_alter_table("web_session") as batch:
        batch.alter_column("fresh_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("web_session") as batch:
        batch.drop_column("fresh_at")
    with op.batch_alter_table("web_account") as batch:
        batch.drop_column("password_hash")
