"""The door."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "events_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_events_area_headcount_range")),
        sa.ForeignKeyConstraint(["event_id"], ["events_event.id"], name="fk_events_area_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_events_area"),
        sa.UniqueConstraint("event_id", "name", name="uq_events_area_event_id_name"),
    )
    op.create_table(
        "events_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True)),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("reentry", sa.String(length=16), nullable=False),
        sa.Column("exits", sa.Boolean(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["events_area.id"], name="fk_events_point_area_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["events_event.id"], name="fk_events_point_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_events_point"),
        sa.UniqueConstraint("event_id", "name", name="uq_events_point_event_id_name"),
    )
    with op.batch_alter_table("events_point") as batch_op:
        batch_op.create_index("ix_events_point_area_id", ["area_id"])

    op.create_table(
        "events_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("gate", sa.String(length=80), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("enrol_hash", sa.String(length=64), nullable=False),
        sa.Column("enrol_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrol_key", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_seen", sa.DateTime(timezone=True)),
        sa.Column("offset_ms", sa.Integer(), nullable=False),
        sa.Column("unsent", sa.Integer(), nullable=False),
        sa.Column("unknown_since", sa.DateTime(timezone=True)),
        sa.Column("unknown_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events_event.id"], name="fk_events_device_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["point_id"], ["events_point.id"], name="fk_events_device_point_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_events_device"),
        sa.UniqueConstraint("enrol_hash", name="uq_events_device_enrol_hash"),
        sa.UniqueConstraint("token_hash", name="uq_events_device_token_hash"),
    )
    with op.batch_alter_table("events_device") as batch_op:
        batch_op.create_index("ix_events_device_event_id", ["event_id"])
        batch_op.create_index("ix_events_device_point_id", ["point_id"])

    op.create_table(
        "events_presence",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True)),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("gate", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("last_key", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["events_area.id"], name="fk_events_presence_area_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["events_ticket.id"], name="fk_events_presence_ticket_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("area_id", "ticket_id", name="pk_events_presence"),
    )
    op.create_table(
        "events_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer()),
        sa.Column("area_id", sa.Integer()),
        sa.Column("ticket_id", sa.Integer()),
        sa.Column("device_id", sa.Integer()),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("gate", sa.String(length=80), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", sa.String(length=36)),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["events_area.id"], name="fk_events_scan_area_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["device_id"], ["events_device.id"], name="fk_events_scan_device_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["event_id"], ["events_event.id"], name="fk_events_scan_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["point_id"], ["events_point.id"], name="fk_events_scan_point_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["ticket_id"], ["events_ticket.id"], name="fk_events_scan_ticket_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_events_scan"),
        sa.UniqueConstraint("key", name="uq_events_scan_key"),
        sa.UniqueConstraint("undoes", name="uq_events_scan_undoes"),
    )
    with op.batch_alter_table("events_scan") as batch_op:
        batch_op.create_index("ix_events_scan_area_id_ticket_id", ["area_id", "ticket_id"])
        batch_op.create_index("ix_events_scan_device_id", ["device_id"])
        batch_op.create_index("ix_events_scan_event_id_received_at", ["event_id", "received_at"])
        batch_op.create_index("ix_events_scan_point_id", ["point_id"])
        batch_op.create_index("ix_events_scan_ticket_id", ["ticket_id"])

    op.create_table(
        "events_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("scan_key", sa.String(length=36), nullable=False),
        sa.Column("first_key", sa.String(length=36)),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Integer()),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events_event.id"], name="fk_events_conflict_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["scan_key"], ["events_scan.key"], name="fk_events_conflict_scan_key", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="fk_events_conflict_settled_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_events_conflict"),
        sa.UniqueConstraint("scan_key", name="uq_events_conflict_scan_key"),
    )
    with op.batch_alter_table("events_conflict") as batch_op:
        batch_op.create_index("ix_events_conflict_event_id_settled_at", ["event_id", "settled_at"])


def downgrade() -> None:
    op.drop_table("events_conflict")
    op.drop_table("events_scan")
    op.drop_table("events_presence")
    op.drop_table("events_device")
    op.drop_table("events_point")
    op.drop_table("events_area")
