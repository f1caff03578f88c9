"""Let the database itself refuse to change or remove what the audit log says.

Only the links to people and programmes may be emptied, which happens when those are deleted.
"""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"

SENTENCE = "the audit log is append-only"
SAID = "id, at, action, subject_kind, subject_id, details"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name, act in (("change", f"UPDATE OF {SAID}"), ("removal", "DELETE")):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{name} BEFORE {act} ON audit_entry "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER audit_entry_refuse BEFORE UPDATE OF {SAID} OR DELETE ON audit_entry "
            "FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()"
        )


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name in ("change", "removal"):
            op.execute(f"DROP TRIGGER audit_entry_no_{name}")
    else:
        op.execute("DROP TRIGGER audit_entry_refuse ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_refuse()")
