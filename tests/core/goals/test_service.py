import pytest

from wayfellow.db import write_session
from wayfellow.deployment import Deployment
from wayfellow.errors import InvalidInput, NotAllowed, NotFound
from wayfellow.goals.models import GoalState
from wayfellow.goals.service import add_goal, change_goal, list_goals, remove_goal, restore_goal, set_goal_state
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.types import GoalKind


class Listener:
    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    @hookimpl
    def register_goal_kinds(self):
        return [GoalKind("sabbatical", "Take a sabbatical")]

    @hookimpl
    def on_goal_saved(self, goal_id, created):
        self.told.append((goal_id, created))


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def deployment(config, engine, clock, listener) -> Deployment:
    host = PluginHost.load(config, plugins=(("listener", listener),), session_factory=lambda: write_session(engine))
    return Deployment(config, engine, host, clock)


def do(mentoring, by: str, act, *args, **options):
    with mentoring.deployment.transaction(mentoring.actor(by)) as tx:
        return act(tx, *args, **options)


def texts(mentoring, by: str = "Mio", **options) -> list[tuple[str, str]]:
    return [(goal.text, goal.state) for goal in do(mentoring, by, list_goals, mentoring.people["Mio"], **options)]


def test_goals_live(mentoring, listener) -> None:
    mio = mentoring.people["Mio"]
    first = do(mentoring, "Mio", add_goal, mio, " Lead a team ", "leading")
    second = do(mentoring, "Mio", add_goal, mio, "Rest", "sabbatical")
    do(mentoring, "Mio", change_goal, second.id, text="Rest well")
    do(mentoring, "Mio", change_goal, second.id, text="Rest well")
    do(mentoring, "Mio", set_goal_state, first.id, GoalState.ACHIEVED)
    assert texts(mentoring) == [("Lead a team", "achieved"), ("Rest well", "open")]
    assert listener.told == [(first.id, True), (second.id, True), (second.id, False), (first.id, False)]


def test_removing_can_be_undone(mentoring) -> None:
    goal = do(mentoring, "Mio", add_goal, mentoring.people["Mio"], "Lead")
    do(mentoring, "Mio", set_goal_state, goal.id, GoalState.ACHIEVED)
    do(mentoring, "Mio", remove_goal, goal.id)
    do(mentoring, "Mio", remove_goal, goal.id)
    assert texts(mentoring) == []
    assert texts(mentoring, dropped=True) == [("Lead", "dropped")]
    do(mentoring, "Mio", restore_goal, goal.id)
    do(mentoring, "Mio", restore_goal, goal.id)
    assert texts(mentoring) == [("Lead", "achieved")]


@pytest.mark.parametrize(("text", "kind", "column"), [(" ", "growth", "text"), ("Lead", "fame", "kind")])
def test_wrong_goals_are_refused(mentoring, listener, text, kind, column) -> None:
    with pytest.raises(InvalidInput, match="can't be saved yet") as caught:
        do(mentoring, "Mio", add_goal, mentoring.people["Mio"], text, kind)
    assert [problem.column for problem in caught.value.problems] == [column]
    assert listener.told == []


def test_a_hundred_goals_are_enough(mentoring) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Mio")) as tx:
        for number in range(100):
            add_goal(tx, mentoring.people["Mio"], f"Goal {number}")
        with pytest.raises(InvalidInput, match="100 goals already"):
            add_goal(tx, mentoring.people["Mio"], "One more")


def test_goals_are_for_oneself_staff_and_the_pair(mentoring) -> None:
    goal = do(mentoring, "Mio", add_goal, mentoring.people["Mio"], "Lead")
    assert texts(mentoring, "Cora") == [("Lead", "open")]
    assert texts(mentoring, "Maja") == []
    with pytest.raises(NotAllowed):
        do(mentoring, "Maja", change_goal, goal.id, text="Follow")
    mentoring.person("Stranger")
    with pytest.raises(NotFound):
        texts(mentoring, "Stranger")
    with pytest.raises(NotFound, match="not here any more"):
        do(mentoring, "Mio", remove_goal, 12345)
