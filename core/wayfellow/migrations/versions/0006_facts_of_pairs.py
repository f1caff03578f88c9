"""Keep with each pair its rank and the words of its reasons, and with each person left over why not whom."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"

_ROWS = 1_000


def upgrade() -> None:
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("rank", sa.Integer()))
        batch.add_column(sa.Column("search", sa.Text(), nullable=False, server_default=""))
        batch.drop_index("ix_proposal_mentor_id")
        batch.create_index("ix_proposal_mentor_id_run_id", ["mentor_id", "run_id"])
    op.add_column("unmatched", sa.Column("reasons", sa.JSON()))
    _fill(op.get_bind())


def downgrade() -> None:
    op.drop_column("unmatched", "reasons")
    with op.batch_alter_table("proposal") as batch:
        batch.drop_index("ix_proposal_mentor_id_run_id")
        batch.create_index("ix_proposal_mentor_id", ["mentor_id"])
        batch.drop_column("search")
        batch.drop_column("rank")


def _fill(connection: sa.Connection) -> None:
    """Copy what candidates know to the pairs that came of them, some at a time."""
    proposal = sa.table("proposal", *map(sa.column, ("id", "run_id", "mentee_id", "mentor_id", "rank", "search")))
    candidate = sa.table(
        "candidate", *map(sa.column, ("run_id", "mentee_id", "mentor_id", "rank")), sa.column("explanation", sa.JSON())
    )
    same = sa.and_(*(proposal.c[name] == candidate.c[name] for name in ("run_id", "mentee_id", "mentor_id")))
    rows = sa.select(proposal.c.id, candidate.c.rank, candidate.c.explanation).join(candidate, same)
    change = (
        sa.update(proposal)
        .where(proposal.c.id == sa.bindparam("number"))
        .values(rank=sa.bindparam("new_rank"), search=sa.bindparam("new_search"))
    )
    last = 0
    while found := connection.execute(
        rows.where(proposal.c.id > last).order_by(proposal.c.id).limit(_ROWS)
    ).all():
        last = found[-1][0]
        values = [{"number": number, "new_rank": rank, "new_search": _words(said)} for number, rank, said in found]
        connection.execute(change, values)


def _words(explanation: list[dict[str, list[list[object]]]]) -> str:
    """Return the labels of what both said; other spellings of a letter are left as they are."""
    shared = {str(term[0]) for part in explanation for term in part["terms"] if term[4:5] != [False]}
    return "\n".join(sorted(" ".join(label.casefold().split()) for label in shared))
