"""Keep passwords, second factors with their recovery codes, passkeys, changes of address, and when somebody last showed who they are."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.add_column("web_account", sa.Column("password_hash", sa.String(length=200), nullable=True))
    op.add_column("web_account", sa.Column("totp_secret", sa.Text(), nullable=True))
    op.add_column("web_account", sa.Column("totp_pending", sa.Text(), nullable=True))
    op.add_column("web_account", sa.Column("totp_counter", sa.Integer(), nullable=True))
    op.create_table(
        "web_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["web_account.id"], name="fk_web_recovery_code_account_id_web_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_web_recovery_code"),
    )
    op.create_index("ix_web_recovery_code_account_id", "web_recovery_code", ["account_id"])
    op.create_table(
        "web_passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["web_account.id"], name="fk_web_passkey_account_id_web_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_web_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_web_passkey_credential_id"),
    )
    op.create_index("ix_web_passkey_account_id", "web_passkey", ["account_id"])
    op.create_table(
        "web_spent_challenge",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_web_spent_challenge"),
    )
    op.create_index("ix_web_spent_challenge_at", "web_spent_challenge", ["at"])
    op.create_table(
        "web_email_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(length=320), nullable=False),
        sa.Column("new", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_web_email_change_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_web_email_change"),
        sa.UniqueConstraint("person_id", name="uq_web_email_change_person_id"),
    )
    op.add_column("web_session", sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE web_session SET fresh_at = created_at")
    with op.batch_alter_table("web_session") as batch:
        batch.alter_column("fresh_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("web_session") as batch:
        batch.drop_column("fresh_at")
    for table in ("web_email_change", "web_spent_challenge", "web_passkey"):
        op.drop_table(table)
    op.drop_table("web_recovery_code")
    with op.batch_alter_table("web_account") as batch:
        for name in ("totp_counter", "totp_pending", "totp_secret", "password_hash"):
            batch.drop_column(name)
