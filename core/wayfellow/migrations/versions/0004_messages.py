"""Deliveries of notices, what people choose about them, and texts that were changed."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=80), nullable=False, server_default="general"))
        batch.add_column(sa.Column("programme_id", sa.Integer()))
        batch.add_column(sa.Column("nudge", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_foreign_key(
            "fk_notice_programme_id", "programme", ["programme_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_notice_programme_id", "notice", ["programme_id"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(length=200)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("lease_token", sa.String(length=36)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_delivery_notice_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("notice_id", "channel", name="uq_delivery_notice_id_channel"),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.create_index("ix_delivery_message_id", "delivery", ["message_id"])
    op.create_table(
        "message_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_choice_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "kind", "channel", name="pk_message_choice"),
    )
    op.create_table(
        "message_times",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.Column("digest_every", sa.String(length=8), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_times_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_message_times"),
    )
    op.create_table(
        "message_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_message_text_created_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_message_text"),
        sa.UniqueConstraint("letter", "version", name="uq_message_text_letter_version"),
    )


def downgrade() -> None:
    for table in ("message_text", "message_times", "message_choice", "delivery"):
        op.drop_table(table)
    op.drop_index("ix_notice_programme_id", "notice")
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint("fk_notice_programme_id", type_="foreignkey")
        for column in ("nudge", "programme_id", "kind"):
            batch.drop_column(column)
