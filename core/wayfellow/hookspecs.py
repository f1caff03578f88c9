"""Declare the hooks that plugins may implement. These docstrings are the reference.

The first word of a name is its contract. ``register_*`` is asked once at start-up and returns an iterable. A verb
computes now and returns a value, or None for "no opinion". ``on_*`` tells a fact after commit and returns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wayfellow.markers import hookspec

if TYPE_CHECKING:
    from types import ModuleType

    import click
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from sqlalchemy.orm import Session

    from wayfellow.db import Base
    from wayfellow.host import PluginHost
    from wayfellow.types import (
        JSON,
        Actor,
        Assignment,
        BrokenRule,
        Channel,
        CriterionKind,
        DemoPart,
        Explanation,
        Format,
        GoalKind,
        Job,
        Kpi,
        MatchProblem,
        MatchState,
        MessageKind,
        Migrations,
        NavItem,
        Panel,
        Permission,
        ProfileField,
        Setting,
        Slot,
    )

# Asked once at start-up ---------------------------------------------------------------------------------------------


@hookspec
def register_hookspecs(host: PluginHost) -> Iterable[ModuleType]:  # type: ignore[empty-body]
    """Declare hooks of the plugin's own, which other plugins may implement.

    Called: once, before any other hook.
    Returns: modules that hold functions marked with ``wayfellow.hookspec``, named by the same grammar. A fact
    (``on_*``) takes ``session`` first, which the host supplies: ``host.tell(spec, ...)`` tells it without, and
    ``host.ask(spec, ...)`` asks a verb. Neither may be firstresult or historic.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_settings() -> Iterable[Setting]:  # type: ignore[empty-body]
    """Describe the values that an operator may set for the plugin.

    Called: once at start-up.
    Returns: settings; each key is prefixed with the plugin's name.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_models() -> Iterable[type[Base]]:  # type: ignore[empty-body]
    """Name the plugin's database models.

    Called: once at start-up.
    Returns: subclasses of ``wayfellow.db.Base``; every table name starts with the plugin's name and an underscore.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_migrations() -> Migrations | None:
    """Point to the folder of the plugin's Alembic revisions.

    Called: once at start-up, and used by ``wayfellow upgrade``.
    Returns: one folder with a linear history of its own; None when the plugin has no tables.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_profile_fields() -> Iterable[ProfileField]:  # type: ignore[empty-body]
    """Add fields to people's profiles.

    Called: once at start-up.
    Returns: profile fields; a key that exists already is refused.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_goal_kinds() -> Iterable[GoalKind]:  # type: ignore[empty-body]
    """Add kinds of goals to choose from.

    Called: once at start-up.
    Returns: goal kinds; a key that exists already is refused.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_criteria() -> Iterable[CriterionKind]:  # type: ignore[empty-body]
    """Add kinds of rules and preferences, which coordinators choose, weigh and make hard.

    Called: once at start-up.
    Returns: kinds of criteria; a key that exists already is refused.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_permissions() -> Iterable[Permission]:  # type: ignore[empty-body]
    """Declare what may be allowed, and to which roles by default.

    Called: once at start-up.
    Returns: permissions; each name starts with the plugin's name and a dot.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_blueprints() -> Iterable[Any]:  # type: ignore[empty-body]
    """Bring pages: Flask blueprints, mounted below ``/x/<plugin>/``.

    Called: once for each web application.
    Returns: new blueprints, named as the plugin or starting with its name and an underscore.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_commands() -> Iterable[click.Command]:  # type: ignore[empty-body]
    """Bring commands for the shell: ``wayfellow <plugin> <command>``.

    Called: once, when the command line needs the plugin's group.
    Returns: click commands.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_jobs() -> Iterable[Job]:  # type: ignore[empty-body]
    """Bring work that runs outside a request.

    Called: once at start-up.
    Returns: jobs; each kind starts with the plugin's name and a dot.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_channels() -> Iterable[Channel]:  # type: ignore[empty-body]
    """Bring ways to deliver notifications; the host retries.

    Called: once at start-up. ``deliver`` is called by a worker, for one message at a time, outside any transaction.
    Returns: channels; ``email`` is core's own, and a key that exists already is refused.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_message_kinds() -> Iterable[MessageKind]:  # type: ignore[empty-body]
    """Bring kinds of messages, so that people can choose when each kind reaches them.

    Called: once at start-up.
    Returns: kinds; each key starts with the plugin's name and a dot.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_formats() -> Iterable[Format]:  # type: ignore[empty-body]
    """Bring file formats for exported lists.

    Called: once at start-up.
    Returns: formats; a suffix that exists already is refused.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_kpis() -> Iterable[Kpi]:  # type: ignore[empty-body]
    """Bring key figures for a programme's overview.

    Called: once at start-up.
    Returns: KPIs; each key starts with the plugin's name and a dot.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


@hookspec
def register_demo_parts() -> Iterable[DemoPart]:  # type: ignore[empty-body]
    """Bring what the demo programme shows of the plugin, such as an event with people who come.

    Called: once at start-up; ``fill`` runs when ``wayfellow demo`` makes the programme, after its people are matched.
    Returns: parts, each filled in a transaction of its own.
    If it raises: the plugin is unloaded.
    Since: 0.1
    """


# Verbs: compute now -------------------------------------------------------------------------------------------------


@hookspec
def score_matches(problem: MatchProblem) -> csr_array | None:
    """Score how well each mentor fits each mentee of this block.

    Called: once per block of at most 1,024 mentees, the later ones perhaps in other threads or processes; what is
    learnt once per run belongs in ``problem.once``, and is sent along where pickle can do that, else learnt there anew.
    Where ``problem.asked`` marks some mentors, the scores of others are passed over: leave them out if that is quicker.
    Returns: float32 csr_array of shape ``problem.shape``, values in [0, 1], absent = 0; None for "no opinion".
    If it raises: this scorer is left out of the whole run, and the run is marked degraded.
    Since: 0.1
    """


@hookspec
def forbid_matches(problem: MatchProblem) -> csr_array | None:
    """Name the pairs that must never be matched.

    Called: once per block of mentees, before candidates are kept.
    Returns: bool csr_array of shape ``problem.shape``, True = never; None when nothing is forbidden.
    If it raises: the whole run stops; no match is proposed.
    Since: 0.1
    """


@hookspec
def explain_forbidden(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[BrokenRule] | None:
    """Name which of the plugin's rules forbid these pairs.

    Called: after the assignment, with at most 8,192 forbidden pairs at a time. ``pairs`` int64 (k, 2): positions of
    mentee and mentor in the pools.
    Returns: one BrokenRule for each rule; a pair may break several. What it says of pairs that the plugin's own
    ``forbid_matches`` did not name is passed over. None when there is nothing to tell apart.
    If it raises: the pairs stay forbidden, and people are told the plugin's name alone.
    Since: 0.1
    """


@hookspec(firstresult=True)
def assign_matches(problem: MatchProblem, scores: csr_array, forbidden: csr_array) -> Assignment | None:
    """Choose the pairs; the first plugin that answers decides, and core's own solver answers last.

    Called: once per run. ``scores`` float32 and ``forbidden`` bool have shape (n_mentees, n_mentors); only the
    candidates of each mentee are stored in ``scores``.
    Returns: the pairs, at most ``problem.wanted`` mentors per mentee (as a rule one), none of them twice, and no mentor
    beyond capacity; None to leave it to others.
    If it raises: the run stops.
    Since: 0.1
    """


@hookspec
def explain_matches(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation] | None:
    """Say what the plugin's own scores of these pairs are made of.

    Called: after the assignment, with at most 8,192 pairs at a time. ``pairs`` int64 (k, 2): positions of mentee and
    mentor in the pools.
    Returns: exactly k explanations in order, each adding up to what ``score_matches`` gave; None for "no opinion".
    If it raises: the pairs keep their scores, and the explanation says that this part is missing.
    Since: 0.1
    """


@hookspec
def filter_visible(user: Actor, permission: str, ids: NDArray[np.int64], session: Session) -> NDArray[np.bool_] | None:
    """Hide people from someone, whatever the roles say.

    Called: once per list, with all its ids, int64 (k,).
    Returns: bool (k,), where any False hides; None for "no opinion".
    If it raises: everything is hidden.
    Since: 0.1
    """


@hookspec
def list_nav_items(user: Actor) -> Iterable[NavItem]:  # type: ignore[empty-body]
    """Add entries to the main navigation.

    Called: for every page that is rendered: answer from memory.
    Returns: entries; one whose permission the user lacks is left out by the host.
    If it raises: this plugin's entries are left out.
    Since: 0.1
    """


@hookspec
def list_panels(user: Actor, slot: Slot, subject_id: int, session: Session) -> Iterable[Panel]:  # type: ignore[empty-body]
    """Add panels to a page.

    Called: once per slot of a page. ``subject_id`` is the programme, person or proposal that the page is about.
    Returns: panels whose templates lie in the plugin's own folder.
    If it raises: administrators see a one-line notice in its place.
    Since: 0.1
    """


@hookspec
def collect_person_data(person_id: int, session: Session) -> Mapping[str, JSON] | None:
    """Hand over all that the plugin keeps about a person, for a data-access request.

    Called: once per request.
    Returns: JSON values by name; None when there is nothing.
    If it raises: the request fails and says which plugin failed.
    Since: 0.1
    """


@hookspec
def erase_person_data(person_id: int, session: Session) -> int:  # type: ignore[empty-body]
    """Erase what the plugin keeps about a person, in the same transaction as core's own erasure.

    Called: once per erasure.
    Returns: the number of rows changed.
    If it raises: the whole erasure is rolled back and says which plugin failed.
    Since: 0.1
    """


# Facts, told after commit, each in a transaction of its own ----------------------------------------------------------


@hookspec
def on_profile_saved(person_id: int, changed: frozenset[str], session: Session) -> None:
    """Tell that a profile was saved.

    Called: after commit. ``changed`` names the fields that are different now.
    Returns: nothing.
    If it raises: its own transaction is rolled back and the error is logged.
    Since: 0.1
    """


@hookspec
def on_goal_saved(goal_id: int, created: bool, session: Session) -> None:
    """Tell that a goal was added or changed.

    Called: after commit.
    Returns: nothing.
    If it raises: its own transaction is rolled back and the error is logged.
    Since: 0.1
    """


@hookspec
def on_matches_proposed(run_id: int, match_ids: NDArray[np.int64], session: Session) -> None:
    """Tell that the pairs of a run were published.

    Called: after commit, once per run. ``match_ids`` int64 (k,): the proposals.
    Returns: nothing.
    If it raises: its own transaction is rolled back and the error is logged.
    Since: 0.1
    """


@hookspec
def on_match_changed(
    match_id: int, before: MatchState | None, after: MatchState, actor_id: int | None, session: Session
) -> None:
    """Tell that a proposal moved to another state.

    Called: after commit. ``actor_id`` is None when the system moved it.
    Returns: nothing.
    If it raises: its own transaction is rolled back and the error is logged.
    Since: 0.1
    """


@hookspec
def on_meeting_held(meeting_id: int, session: Session) -> None:
    """Tell that a mentorship's meeting took place.

    Called: after commit.
    Returns: nothing.
    If it raises: its own transaction is rolled back and the error is logged.
    Since: 0.1
    """
