"""First tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "events_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name="fk_events_series_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events_series"),
        sa.UniqueConstraint("programme_id", "name", name="uq_events_series_programme_id_name"),
    )
    op.create_table(
        "events_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer()),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_events_event_taken_range")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_events_event_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name="fk_events_event_programme_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["events_series.id"], name="fk_events_event_series_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events_event"),
        sa.UniqueConstraint("slug", name="uq_events_event_slug"),
        sa.UniqueConstraint("uid", name="uq_events_event_uid"),
    )
    op.create_index("ix_events_event_programme_id_starts_at", "events_event", ["programme_id", "starts_at"])
    op.create_table(
        "events_invitation",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events_event.id"], name="fk_events_invitation_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_events_invitation_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "person_id", name="pk_events_invitation"),
    )
    op.create_table(
        "events_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("moment", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events_event.id"], name="fk_events_question_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events_question"),
    )
    op.create_index("ix_events_question_event_id", "events_question", ["event_id"])
    op.create_table(
        "events_team_member",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events_event.id"], name="fk_events_team_member_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_events_team_member_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "person_id", name="pk_events_team_member"),
    )
    op.create_table(
        "events_ticket_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True)),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_events_ticket_type_taken_range")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events_event.id"], name="fk_events_ticket_type_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events_ticket_type"),
        sa.UniqueConstraint("event_id", "name", name="uq_events_ticket_type_event_id_name"),
    )
    op.create_table(
        "events_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("badge_name", sa.String(length=320), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True)),
        sa.Column("offered_until", sa.DateTime(timezone=True)),
        sa.Column("link_seed", sa.String(length=40), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events_event.id"], name="fk_events_registration_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_events_registration_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["events_ticket_type.id"], name="fk_events_registration_type_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events_registration"),
        sa.UniqueConstraint("event_id", "person_id", name="uq_events_registration_event_id_person_id"),
        sa.UniqueConstraint("link_hash", name="uq_events_registration_link_hash"),
    )
    op.create_index(
        "ix_events_registration_event_id_state_queued_at", "events_registration", ["event_id", "state", "queued_at"]
    )
    op.create_index("ix_events_registration_person_id", "events_registration", ["person_id"])
    op.create_index("ix_events_registration_state_offered_until", "events_registration", ["state", "offered_until"])
    op.create_index("ix_events_registration_type_id", "events_registration", ["type_id"])
    op.create_table(
        "events_answer",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["events_question.id"], name="fk_events_answer_question_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["events_registration.id"], name="fk_events_answer_registration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("registration_id", "question_id", name="pk_events_answer"),
    )
    op.create_table(
        "events_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("short", sa.String(length=8), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events_event.id"], name="fk_events_ticket_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["events_registration.id"], name="fk_events_ticket_registration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events_ticket"),
        sa.UniqueConstraint("event_id", "short", name="uq_events_ticket_event_id_short"),
        sa.UniqueConstraint("registration_id", name="uq_events_ticket_registration_id"),
    )
    op.create_table(
        "events_ticket_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["events_ticket.id"], name="fk_events_ticket_code_ticket_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_events_ticket_code"),
    )
    op.create_index("ix_events_ticket_code_ticket_id", "events_ticket_code", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("events_ticket_code")
    op.drop_table("events_ticket")
    op.drop_table("events_answer")
    op.drop_table("events_registration")
    op.drop_table("events_ticket_type")
    op.drop_table("events_team_member")
    op.drop_table("events_question")
    op.drop_table("events_invitation")
    op.drop_table("events_event")
    op.drop_table("events_series")
