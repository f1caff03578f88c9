"""Offer every hook as a typed method: same name and arguments as its specification, isolation included.

``session`` is left out of the ``on_*`` methods: there the host gives each implementation a transaction of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from wayfellow.host import answers
from wayfellow.host.calls import CONTAINED, Calls
from wayfellow.host.errors import PluginFailed, describe
from wayfellow.host.records import FAILED_SCORERS, PlacedPanel, ScoreAnswers
from wayfellow.permissions import CORE_PERMISSIONS
from wayfellow.types import (
    JSON,
    Actor,
    Assignment,
    BrokenRule,
    Explanation,
    MatchProblem,
    MatchState,
    NavItem,
    Panel,
    Permission,
    Slot,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from sqlalchemy.orm import Session

P = ParamSpec("P")
R = TypeVar("R")


class Facade(Calls):
    """Be what the rest of the program calls instead of pluggy."""

    permissions: Mapping[str, Permission]

    # Matching

    def score_matches(self, problem: MatchProblem) -> ScoreAnswers:
        """Return every scorer's scores of this block; a scorer that fails is named, and not asked again in the run."""
        failed: dict[str, str] = problem.memo.setdefault(FAILED_SCORERS, {})
        result = ScoreAnswers()
        for name, scores, error in self._each(
            "score_matches", {"problem": problem}, lambda a: answers.check_scores(a, problem.shape), skip=failed
        ):
            if error is None:
                result.scores.append((name, scores))
            else:
                failed[name] = describe(error)
        result.failures.extend(failed.items())
        return result

    def forbid_matches(self, problem: MatchProblem) -> list[csr_array]:
        """Return the forbidden pairs of this block, one array per plugin; raise PluginFailed when one fails."""
        return list(self.forbidden_by_plugin(problem).values())

    def forbidden_by_plugin(self, problem: MatchProblem) -> dict[str, csr_array]:
        """Return the forbidden pairs of this block by plugin; raise PluginFailed when one fails."""
        return dict(
            self._required(
                "forbid_matches",
                "which pairs must never be matched",
                {"problem": problem},
                lambda answer: answers.check_forbidden(answer, problem.shape),
            )
        )

    def explain_forbidden(self, problem: MatchProblem, pairs: NDArray[np.int64]) -> dict[str, list[BrokenRule]]:
        """Return the rules that forbid pairs, by plugin; one that fails is left out."""
        asked = {"problem": problem, "pairs": pairs}
        found = self._each("explain_forbidden", asked, lambda answer: answers.check_rules(answer, len(pairs)))
        return {
            name: [replace(rule, say=partial(self._said, name, rule.say)) for rule in rules]
            for name, rules, error in found
            if error is None
        }

    def assign_matches(self, problem: MatchProblem, scores: csr_array, forbidden: csr_array) -> Assignment | None:
        """Return the first plugin's assignment, None when no plugin has one; raise PluginFailed when one fails."""
        hook = self._manager.hook.assign_matches
        try:
            answer = hook(problem=problem, scores=scores, forbidden=forbidden)
            return None if answer is None else answers.check_assignment(answer, problem)
        except CONTAINED as error:
            name = self._witness.culprit(error, self._implementations("assign_matches"))
            self._note_failure(name, "assign_matches", error)
            raise PluginFailed(name, "which pairs to choose", error) from error

    def explain_matches(self, problem: MatchProblem, pairs: NDArray[np.int64]) -> dict[str, list[Explanation]]:
        """Return explanations of pairs by plugin; one that fails is left out."""
        asked = {"problem": problem, "pairs": pairs}
        found = self._each("explain_matches", asked, lambda answer: answers.check_explanations(answer, len(pairs)))
        return {name: explanations for name, explanations, error in found if error is None}

    # People and pages

    def filter_visible(
        self, user: Actor, permission: str, ids: NDArray[np.int64], session: Session
    ) -> NDArray[np.bool_]:
        """Return which people the user may see: those that no plugin hides; none when a plugin fails."""
        import numpy as np

        visible = np.ones(len(ids), dtype=np.bool_)
        asked = {"user": user, "permission": permission, "ids": ids, "session": session}
        for _, answer, error in self._each("filter_visible", asked, lambda a: answers.check_visible(a, len(ids))):
            if error is not None:
                return np.zeros(len(ids), dtype=np.bool_)
            visible &= answer
        return visible

    def list_nav_items(self, user: Actor) -> list[NavItem]:
        """Return the entries that the user may open, by their order, then label."""
        found = self._each("list_nav_items", {"user": user}, lambda answer: self._open_to(user, answer))
        items = [item for _, answer, error in found if error is None for item in answer]
        return sorted(items, key=lambda item: (item.order, item.label))

    def list_panels(self, user: Actor, slot: Slot, subject_id: int, session: Session) -> list[PlacedPanel]:
        """Return the panels of a place on a page by their order; a plugin that fails leaves a sentence instead."""
        asked = {"user": user, "slot": slot, "subject_id": subject_id, "session": session}
        placed: list[PlacedPanel] = []
        for name, panels, error in self._each("list_panels", asked, lambda a: answers.check_all(a, Panel)):
            if error is not None:
                placed.append(PlacedPanel(name, None, f"The plugin {name!r} could not show its part of this page."))
            else:
                placed.extend(PlacedPanel(name, panel) for panel in panels)
        return sorted(placed, key=lambda item: item.panel.order if item.panel else 0)

    def collect_person_data(self, person_id: int, session: Session) -> dict[str, Mapping[str, JSON]]:
        """Return what plugins keep about a person, by plugin; raise PluginFailed when one fails."""
        asked = {"person_id": person_id, "session": session}
        return dict(self._required("collect_person_data", "what it keeps about a person", asked, answers.check_json))

    def erase_person_data(self, person_id: int, session: Session) -> dict[str, int]:
        """Erase what plugins keep about a person; return changed rows by plugin; raise PluginFailed when one fails."""
        asked = {"person_id": person_id, "session": session}
        return dict(self._required("erase_person_data", "to erase what it keeps about a person", asked, int))

    # Facts

    def on_profile_saved(self, person_id: int, changed: frozenset[str]) -> None:
        """Tell plugins that a profile was saved."""
        self._tell("on_profile_saved", {"person_id": person_id, "changed": changed})

    def on_goal_saved(self, goal_id: int, created: bool) -> None:
        """Tell plugins that a goal was added or changed."""
        self._tell("on_goal_saved", {"goal_id": goal_id, "created": created})

    def on_matches_proposed(self, run_id: int, match_ids: NDArray[np.int64]) -> None:
        """Tell plugins that the pairs of a run were published."""
        self._tell("on_matches_proposed", {"run_id": run_id, "match_ids": match_ids})

    def on_match_changed(
        self, match_id: int, before: MatchState | None, after: MatchState, actor_id: int | None
    ) -> None:
        """Tell plugins that a proposal moved to another state."""
        self._tell("on_match_changed", {"match_id": match_id, "before": before, "after": after, "actor_id": actor_id})

    def on_meeting_held(self, meeting_id: int) -> None:
        """Tell plugins that a meeting took place."""
        self._tell("on_meeting_held", {"meeting_id": meeting_id})

    # Hooks that plugins own

    def tell(self, spec: Callable[Concatenate[Session, P], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell a fact of a plugin's own: its specification, then its arguments without ``session``.

        Raises LookupError when no loaded plugin declared that hook.
        """
        arguments = dict(inspect.signature(spec).bind(None, *args, **kwargs).arguments)
        del arguments["session"]
        self._tell(self._declared(spec), arguments)

    def ask(self, spec: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs) -> list[tuple[str, R]]:
        """Ask a verb of a plugin's own and return (plugin, answer) where there is one; who fails is left out.

        Raises LookupError when no loaded plugin declared that hook.
        """
        arguments = inspect.signature(spec).bind(*args, **kwargs).arguments
        found = self._each(self._declared(spec), arguments)
        return [(name, answer) for name, answer, error in found if error is None]

    # Details

    def _said(self, plugin: str, say: Callable[[int, int], str] | None, mentee: int, mentor: int) -> str:
        """Return what a plugin says of a forbidden pair, "" when it says nothing or fails."""
        try:
            return str(say(mentee, mentor)) if say else ""
        except CONTAINED as error:
            self._note_failure(plugin, "explain_forbidden", error)
            return ""

    def _declared(self, spec: Callable[..., Any]) -> str:
        name = spec.__name__
        caller = getattr(self._manager.hook, name, None)
        if caller is None or caller.spec is None or caller.spec.function is not spec:
            raise LookupError(f"No loaded plugin declares the hook {name!r} in register_hookspecs.")
        return name

    def _open_to(self, user: Actor, answer: Any) -> list[NavItem]:
        return [item for item in answers.check_all(answer, NavItem) if self._may_anywhere(user, item.permission)]

    def _may_anywhere(self, user: Actor, permission: str | None) -> bool:
        if permission is None or user.is_system:
            return True
        declared = CORE_PERMISSIONS.get(permission) or self.permissions[permission]
        return any(grant.role in declared.roles for grant in user.grants)
