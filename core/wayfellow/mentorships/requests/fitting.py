"""Work out how well everybody on the other side fits one person: by the same scorers and rules as a match run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.explanations import top_terms
from wayfellow.mentorships.requests.fits import JOB_KIND
from wayfellow.mentorships.requests.models import Fit
from wayfellow.people.fields import load_fields
from wayfellow.programmes.models import Cycle, Membership
from wayfellow.types import JSON, SYSTEM, Audience, Job, Role
from wayfellow.words import later

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext
    from wayfellow.matching.candidates import Candidates
    from wayfellow.matching.result import ScorerPart
    from wayfellow.matching.scoring import Scoring
    from wayfellow.matching.settings import MatchSettings
    from wayfellow.types import MatchProblem

#: How many of those who fit best are kept, and how many of them with what both speak of.
_KEPT, _EXPLAINED = 200, 60
_SKILLS = ("skills", "skills_to_learn")


def work_out(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Work out the fits of the member whom the payload names, and keep them in place of the earlier ones."""
    context.progress("load")
    with context.deployment.reading(SYSTEM) as tx:
        member = tx.session.get(Membership, int(payload["membership_id"]))
        if member is None:
            raise NotFound("This person does not take part any more, so there is nothing to work out.")
        started, open_fields = tx.now(), _open_fields(tx)
        problem, settings = _load(tx, tx.session.get_one(Cycle, member.cycle_id))
    found = _compare(problem, settings, context, member, open_fields)
    with context.finish({"found": len(found)}) as tx:
        row = Fit(cycle_id=member.cycle_id, person_id=member.person_id, role=member.role, found=found)
        row.worked_out_at = started
        tx.session.merge(row)
    return {"found": len(found)}


def _load(tx: Transaction, cycle: Cycle) -> tuple[MatchProblem, MatchSettings]:
    from wayfellow.matching.criteria.applying import apply_criteria, weigh
    from wayfellow.matching.criteria.service import load_set, newest_version
    from wayfellow.matching.load import Standing, load_problem
    from wayfellow.matching.settings import MatchSettings

    chosen = load_set(tx, cycle.programme_id, newest_version(tx, cycle.programme_id))
    problem = apply_criteria(load_problem(tx.session, cycle, Standing()), chosen, tx.host, tx.now())
    problem = replace(problem, memo={}, settings={**tx.host.all_settings(), **problem.settings})
    return problem, weigh(MatchSettings(), chosen, tx.host)


def _open_fields(tx: Transaction) -> frozenset[str]:
    """Return the fields whose words may be shown as what both speak of: those that the whole programme may read."""
    fields = (stored.definition for stored in load_fields(tx).values())
    return frozenset(field.key for field in fields if field.audience is Audience.PROGRAMME) | frozenset(_SKILLS)


def _compare(
    problem: MatchProblem, settings: MatchSettings, context: JobContext, member: Membership, open_fields: frozenset[str]
) -> dict[str, JSON]:
    """Return [score, terms] by the id of the other, as text, as JSON has it."""
    import numpy as np

    from wayfellow.matching.explain import explain

    seeks_mentor = member.role == Role.MENTEE
    mine, others = (problem.mentees, problem.mentors) if seeks_mentor else (problem.mentors, problem.mentees)
    place = np.flatnonzero(mine.ids == member.person_id)
    if not len(place) or not len(others):
        return {}
    scoring, candidates = _score(problem, settings, context, int(place[0]), seeks_mentor)
    other = candidates.mentor if seeks_mentor else candidates.mentee
    best = np.lexsort((other, -candidates.micro))[:_KEPT]
    best = best[candidates.micro[best] > 0]
    said = explain(scoring, candidates, np.sort(best[:_EXPLAINED]), context.progress)
    found: dict[str, JSON] = {}
    for at in best.tolist():
        pair = int(candidates.mentee[at]), int(candidates.mentor[at])
        terms = list(_shown(said.get(pair, ()), open_fields, seeks_mentor))
        found[str(int(others.ids[int(other[at])]))] = [float(candidates.score[at]), terms]
    return found


def _score(
    problem: MatchProblem, settings: MatchSettings, context: JobContext, place: int, seeks_mentor: bool
) -> tuple[Scoring, Candidates]:
    """Score one row, or one column, of the whole; a scorer that falls out on the way counts for none of it."""
    import numpy as np

    from wayfellow.matching.gather import gather
    from wayfellow.matching.scoring import ScorersChanged, Scoring

    scoring = Scoring(problem, context.deployment.host, settings)
    rows = np.array([place], dtype=np.int64) if seeks_mentor else None
    whole = None if seeks_mentor else np.arange(len(problem.mentors)) == place
    while True:
        try:
            return scoring, gather(scoring, _KEPT, context.progress, rows, whole)
        except ScorersChanged as change:
            scoring.begin_again(change)


def _shown(parts: Iterable[ScorerPart], open_fields: frozenset[str], seeks_mentor: bool) -> tuple[str, ...]:
    """Return what both speak of and the seeker may read of the other."""
    from wayfellow.matching.views import ScorerPart as Shown

    kept = []
    for part in parts:
        terms = (one for one in part.terms if (one.mentor_field if seeks_mentor else one.mentee_field) in open_fields)
        kept.append(Shown(part.scorer, part.weight, part.weight * part.score, tuple(terms)))
    return top_terms(kept)


JOBS = (Job(JOB_KIND, work_out, label=later("How well people fit")),)
