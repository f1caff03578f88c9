"""Keep what an OpenID provider calls people, and who is known only because their address was typed in."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_table(
        "web_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["web_account.id"], name="fk_web_identity_account_id_web_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_web_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_web_identity_issuer_subject"),
        sa.UniqueConstraint("account_id", "issuer", name="uq_web_identity_account_id_issuer"),
    )
    op.create_table(
        "web_newcomer",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_web_newcomer_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_web_newcomer"),
    )
    op.create_index("ix_web_newcomer_created_at", "web_newcomer", ["created_at"])


def downgrade() -> None:
    op.drop_table("web_newcomer")
    op.drop_table("web_identity")
