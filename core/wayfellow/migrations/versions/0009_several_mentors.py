"""Several mentors for a mentee in one run, and what people said of chats."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"

_DRAFTED = sa.text("state = 'drafted'")


def upgrade() -> None:
    _make_index("run_id", "mentee_id", "mentor_id")
    op.create_table(
        "chat_rating",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_chat_rating_proposal_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_chat_rating_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name="pk_chat_rating"),
    )
    op.create_index("ix_chat_rating_person_id", "chat_rating", ["person_id"])


def downgrade() -> None:
    op.drop_table("chat_rating")
    _remove_what_the_index_forbids()
    _make_index("run_id", "mentee_id")


def _make_index(*columns: str) -> None:
    op.drop_index("uq_proposal_live_draft", table_name="proposal")
    op.create_index(
        "uq_proposal_live_draft",
        "proposal",
        [*columns],
        unique=True,
        sqlite_where=_DRAFTED,
        postgresql_where=_DRAFTED,
    )


def _remove_what_the_index_forbids() -> None:
    """Discard all drafts of a mentee in a run but the first, since the older tables know one mentor for each."""
    proposal = sa.table("proposal", *map(sa.column, ("id", "run_id", "mentee_id", "state")))
    other = proposal.alias()
    earlier = sa.exists().where(
        other.c.run_id == proposal.c.run_id,
        other.c.mentee_id == proposal.c.mentee_id,
        other.c.state == "drafted",
        other.c.id < proposal.c.id,
    )
    doubled = (proposal.c.state == "drafted") & earlier
    ids = op.get_bind().scalars(sa.select(proposal.c.id).where(doubled)).all()
    op.execute(sa.update(proposal).where(proposal.c.id.in_(ids)).values(state="discarded"))
