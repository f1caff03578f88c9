"""People choose what comes when; reminders stay few whoever sends them."""

from threading import Thread

import pytest
from mail_sink import Post, Sink

from wayfellow import hookimpl
from wayfellow.errors import InvalidInput, NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.notify.models import DeliveryState
from wayfellow.notify.nudges import left, nudge
from wayfellow.notify.preferences import get_preferences, set_choices, set_times
from wayfellow.notify.service import list_notices, tell
from wayfellow.notify.unsubscribe import Wish, make_token, read_token, unsubscribe
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import ANONYMOUS, SYSTEM, Actor, Delivering, MessageKind


def choose(post: Post, **choices: str) -> None:
    with post.deployment.transaction(Actor(post.people["Ada"])) as tx:
        set_choices(tx, {(kind.replace("_", "."), "email"): choice for kind, choice in choices.items()})


def tell_ada(post: Post, *keys: str, kind: str = "general") -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        for key in keys:
            tell(tx, post.people["Ada"], key=key, subject=f"About {key}", kind=kind)


def test_never_means_in_the_app_alone(post: Post, sink: Sink) -> None:
    choose(post, proposal_declined="never")
    tell_ada(post, "one", kind="proposal.declined")
    tell_ada(post, "two", kind="proposal.accepted")
    post.work()
    assert [mail["Subject"] for mail in sink.mails] == ["About two"]
    with post.deployment.reading(Actor(post.people["Ada"])) as tx:
        assert list_notices(tx).total == 2


def test_an_overview_holds_what_came_in_one_mail_at_its_hour(post: Post, sink: Sink, clock) -> None:
    choose(post, general="digest")
    with post.deployment.transaction(Actor(post.people["Ada"])) as tx:
        set_times(tx, "", "", "day", "20")
    tell_ada(post, "one", "two")
    post.work()
    assert sink.mails == []
    clock.move(hours=11)
    post.work()
    (mail,) = sink.mails
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "2 messages from Open Bridges"
    assert "About one" in text
    assert "About two" in text
    assert mail["List-Unsubscribe"] is None
    assert set(post.states().values()) == {DeliveryState.SENT}
    tell_ada(post, "three")
    clock.move(days=1)
    post.work()
    assert [mail["Subject"] for mail in sink.mails][1:] == ["About three"]
    assert len({mail["Message-ID"] for mail in sink.mails}) == 2


def test_an_overview_that_fails_is_tried_again_as_the_same_mail(post: Post, sink: Sink, clock) -> None:
    choose(post, general="digest")
    tell_ada(post, "one")
    clock.move(days=1)
    sink.refuse["ada@example.org"] = "451 later"
    post.work()
    tell_ada(post, "two")
    sink.refuse.clear()
    clock.move(days=1)
    post.work()
    assert sorted(mail["Subject"] for mail in sink.mails) == ["About one", "About two"]
    assert set(post.states().values()) == {DeliveryState.SENT}


def test_quiet_hours_put_a_mail_off(post: Post, sink: Sink, clock) -> None:
    with post.deployment.transaction(Actor(post.people["Ada"])) as tx:
        set_times(tx, "8", "12", "day", "8")
    tell_ada(post, "one")
    post.work()
    assert sink.mails == []
    clock.move(hours=3)
    post.work()
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    ("times", "field"),
    [
        (("8", "", "day", "8"), "quiet_until"),
        (("", "8", "day", "8"), "quiet_from"),
        (("24", "8", "day", "8"), "quiet_from"),
        (("", "", "year", "8"), "digest_every"),
        (("", "", "day", "²"), "digest_hour"),
    ],
)
def test_times_that_are_none_are_refused_with_their_field(post: Post, times: tuple[str, ...], field: str) -> None:
    with post.deployment.transaction(Actor(post.people["Ada"])) as tx:
        with pytest.raises(InvalidInput) as refusal:
            set_times(tx, *times)
        assert [problem.column for problem in refusal.value.problems] == [field]


def test_only_what_is_offered_can_be_chosen_and_only_by_people(post: Post) -> None:
    with post.deployment.transaction(Actor(post.people["Ada"])) as tx:
        for wrong in (("nonsense", "email"), ("general", "pigeon")):
            with pytest.raises(InvalidInput, match="not offered"):
                set_choices(tx, {wrong: "never"})
        with pytest.raises(InvalidInput, match="not offered"):
            set_choices(tx, {("general", "email"): "sometimes"})
    with post.deployment.reading(ANONYMOUS) as tx, pytest.raises(NotAllowed):
        get_preferences(tx)


def test_the_link_in_a_mail_stops_that_kind_once_and_for_all(post: Post) -> None:
    ada = post.people["Ada"]
    token = make_token(post.deployment.config, Wish(ada, "email", "proposal.proposed"))
    for _ in range(2):
        with post.deployment.transaction(ANONYMOUS) as tx:
            assert unsubscribe(tx, token).key == "proposal.proposed"
    with post.deployment.reading(Actor(ada)) as tx:
        chosen = get_preferences(tx)
        assert [kind.key for kind in chosen.kinds if chosen.of(kind, "email") is Delivering.NEVER] == [
            "proposal.proposed"
        ]
        actions = [entry.action for entry in tx.session.query(AuditEntry)]
        assert actions.count("messages.unsubscribed") == 2


@pytest.mark.parametrize("token", ["", ".", "x.y", "é.é", "MTplbWFpbDpnZW5lcmFs.AAAA", "a" * 5000])
def test_a_link_that_was_not_made_here_is_refused(post: Post, token: str) -> None:
    with post.deployment.reading(ANONYMOUS) as tx, pytest.raises(NotFound, match="not complete"):
        read_token(tx, token)


class Books:
    """Be a plugin that brings a kind of message."""

    @hookimpl
    def register_message_kinds(self) -> list[MessageKind]:
        return [MessageKind("books.due", "Books to bring back", default=Delivering.NEVER)]


def test_a_plugin_brings_a_kind_with_its_default(post: Post, sink: Sink) -> None:
    post.deployment.host = PluginHost.load(post.deployment.config, plugins=(("books", Books()),))
    tell_ada(post, "one", kind="books.due")
    choose(post, books_due="at_once")
    tell_ada(post, "two", kind="books.due")
    post.work()
    assert [mail["Subject"] for mail in sink.mails] == ["About two"]


def test_a_person_gets_two_reminders_in_seven_days_over_all_plugins(post: Post, clock) -> None:
    ada = post.people["Ada"]

    def remind(key: str) -> bool:
        with post.deployment.transaction(SYSTEM) as tx:
            return nudge(tx, ada, key=key, subject="Still there?")

    assert [remind(key) for key in ("a:1", "b:1", "a:2", "b:2")] == [True, True, False, False]
    with post.deployment.transaction(SYSTEM) as tx:
        assert tell(tx, ada, key="asked", subject="You asked for this")
    clock.move(days=6, hours=23)
    assert not remind("a:3")
    clock.move(hours=1)
    assert [remind(key) for key in ("a:3", "a:3", "b:3", "c:3")] == [True, False, True, False]


def test_reminders_at_the_same_time_stay_within_the_budget(post: Post) -> None:
    ada, done = post.people["Ada"], []

    def remind(number: int) -> None:
        with post.deployment.transaction(SYSTEM) as tx:
            done.append(nudge(tx, ada, key=f"n{number}", subject="Still there?"))

    threads = [Thread(target=remind, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 4 + [True] * 2
    with post.deployment.reading(SYSTEM) as tx:
        assert left(tx, ada) == 0
