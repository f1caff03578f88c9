"""First tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "field_definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("matched_for", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_field_definition"),
        sa.UniqueConstraint("key", name="uq_field_definition_key"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("email", sa.String(length=320)),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.String(length=320), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
        sa.UniqueConstraint("reference", name="uq_person_reference"),
    )
    op.create_index("ix_person_sort_name", "person", ["sort_name"])
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
        sa.UniqueConstraint("slug", name="uq_programme_slug"),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_skill"),
        sa.UniqueConstraint("key", name="uq_skill_key"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer()),
        sa.Column("programme_id", sa.Integer()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_audit_entry_actor_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_audit_entry_programme_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_subject_kind_subject_id", "audit_entry", ["subject_kind", "subject_id"])
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> blocked_id", name=op.f("ck_block_not_oneself")),
        sa.ForeignKeyConstraint(["blocked_id"], ["person.id"], name="fk_block_blocked_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_block_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
        sa.UniqueConstraint("person_id", "blocked_id", name="uq_block_person_id_blocked_id"),
    )
    op.create_index("ix_block_blocked_id", "block", ["blocked_id"])
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_cycle_programme_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_cycle"),
        sa.UniqueConstraint("programme_id", "name", name="uq_cycle_programme_id_name"),
    )
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_exclusion_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name="fk_exclusion_mentee_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name="fk_exclusion_mentor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_exclusion_programme_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_exclusion"),
        sa.UniqueConstraint("programme_id", "mentee_id", "mentor_id", name="uq_exclusion_programme_id_mentee_id_mentor_id"),
    )
    op.create_index("ix_exclusion_mentee_id", "exclusion", ["mentee_id"])
    op.create_index("ix_exclusion_mentor_id", "exclusion", ["mentor_id"])
    op.create_table(
        "field_value",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["field_id"], ["field_definition.id"], name="fk_field_value_field_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_field_value_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "field_id", name="pk_field_value"),
    )
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_before", sa.String(length=16)),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_goal_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
    )
    op.create_index("ix_goal_person_id_position", "goal", ["person_id", "position"])
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("lease_token", sa.String(length=36)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("programme_id", sa.Integer()),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_job_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_job_programme_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("key", name="uq_job_key"),
    )
    op.create_index("ix_job_state_run_after", "job", ["state", "run_after"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("key", name="uq_notice_key"),
    )
    op.create_index("ix_notice_person_id_read_at", "notice", ["person_id", "read_at"])
    op.create_table(
        "person_skill",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_skill_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name="fk_person_skill_skill_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "skill_id", "stance", name="pk_person_skill"),
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("programme_id", sa.Integer()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_role_assignment_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_role_assignment_programme_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_role_assignment"),
        sa.UniqueConstraint("person_id", "role", "programme_id", name="uq_role_assignment_person_id_role_programme_id"),
    )
    op.create_index(
        "uq_role_assignment_everywhere",
        "role_assignment",
        ["person_id", "role"],
        unique=True,
        sqlite_where=sa.text("programme_id IS NULL"),
        postgresql_where=sa.text("programme_id IS NULL"),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer()),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_import_batch_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_import_batch_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_import_batch_job_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_import_batch_programme_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_cycle_id", "import_batch", ["cycle_id"])
    op.create_table(
        "match_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("input_hash", sa.String(length=64)),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("degraded", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("published_by", sa.Integer()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_match_run_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_match_run_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name="fk_match_run_published_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_match_run"),
        sa.UniqueConstraint("cycle_id", "number", name="uq_match_run_cycle_id_number"),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity >= 0 AND capacity <= 1000", name=op.f("ck_membership_capacity_range")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_membership_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("cycle_id", "person_id", "role", name="uq_membership_cycle_id_person_id_role"),
    )
    op.create_index("ix_membership_cycle_id_role_state", "membership", ["cycle_id", "role", "state"])
    op.create_index("ix_membership_person_id", "membership", ["person_id"])
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("assigned", sa.Boolean(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name="fk_candidate_mentee_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name="fk_candidate_mentor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name="fk_candidate_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_candidate"),
        sa.UniqueConstraint("run_id", "mentee_id", "mentor_id", name="uq_candidate_run_id_mentee_id_mentor_id"),
    )
    op.create_index("ix_candidate_mentee_id", "candidate", ["mentee_id"])
    op.create_index("ix_candidate_mentor_id", "candidate", ["mentor_id"])
    op.create_index("ix_candidate_run_id_assigned_score", "candidate", ["run_id", "assigned", "score"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_proposal_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name="fk_proposal_mentee_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name="fk_proposal_mentor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name="fk_proposal_run_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )
    op.create_index("ix_proposal_cycle_id_state", "proposal", ["cycle_id", "state"])
    op.create_index("ix_proposal_mentee_id", "proposal", ["mentee_id"])
    op.create_index("ix_proposal_mentor_id", "proposal", ["mentor_id"])
    op.create_index("ix_proposal_run_id_state_score", "proposal", ["run_id", "state", "score"])
    op.create_index(
        "uq_proposal_live_draft",
        "proposal",
        ["run_id", "mentee_id"],
        unique=True,
        sqlite_where=sa.text("state = 'drafted'"),
        postgresql_where=sa.text("state = 'drafted'"),
    )
    op.create_table(
        "unmatched",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name="fk_unmatched_mentee_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name="fk_unmatched_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "mentee_id", name="pk_unmatched"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32)),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_consent_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_consent_proposal_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint("proposal_id", "person_id", name="uq_consent_proposal_id_person_id"),
    )
    op.create_index("ix_consent_person_id", "consent", ["person_id"])
    op.create_table(
        "mentorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer()),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_mentorship_cycle_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name="fk_mentorship_mentee_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name="fk_mentorship_mentor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_mentorship_proposal_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_mentorship"),
        sa.UniqueConstraint("proposal_id", name="uq_mentorship_proposal_id"),
    )
    op.create_index("ix_mentorship_cycle_id_mentor_id_state", "mentorship", ["cycle_id", "mentor_id", "state"])
    op.create_index("ix_mentorship_mentee_id", "mentorship", ["mentee_id"])
    op.create_index("ix_mentorship_mentor_id", "mentorship", ["mentor_id"])


def downgrade() -> None:
    op.drop_table("mentorship")
    op.drop_table("consent")
    op.drop_table("unmatched")
    op.drop_table("proposal")
    op.drop_table("candidate")
    op.drop_table("membership")
    op.drop_table("match_run")
    op.drop_table("import_batch")
    op.drop_table("role_assignment")
    op.drop_table("person_skill")
    op.drop_table("notice")
    op.drop_table("job")
    op.drop_table("goal")
    op.drop_table("field_value")
    op.drop_table("exclusion")
    op.drop_table("cycle")
    op.drop_table("block")
    op.drop_table("audit_entry")
    op.drop_table("skill")
    op.drop_table("programme")
    op.drop_table("person")
    op.drop_table("field_definition")
