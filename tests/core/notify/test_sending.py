"""Mails go to a real server: once each, and where that can't be known, they say so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from mail_sink import Post, Sink, listen, sending
from sqlalchemy import select

from wayfellow.cli import main
from wayfellow.config_mail import MailSettings
from wayfellow.deployment import Deployment, Transaction
from wayfellow.host import PluginHost
from wayfellow.jobs.models import JobRow
from wayfellow.notify import parcels
from wayfellow.notify.models import DeliveryState, Notice
from wayfellow.notify.preferences import set_choice
from wayfellow.notify.service import NewNotice, list_notices, tell, tell_all
from wayfellow.notify.smtp import Mailer, ServerDown
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import SYSTEM, Actor, Attachment, Channel, Delivering, Enclosure, Message, MessageKind


def tell_ada(post: Post, *keys: str, **options) -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        for key in keys:
            body = "Dear Ada,\n\nlook <here> & there."
            tell(tx, post.people["Ada"], key=key, subject=f"About {key}", body=body, **options)


def test_a_notice_is_mailed_once_as_text_and_html(post: Post, sink: Sink) -> None:
    tell_ada(post, "one", "one")
    post.work()
    tell_ada(post, "one")
    post.work()
    (mail,) = sink.mails
    assert sink.to == ["ada@example.org"]
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        "About one",
        "Ada <ada@example.org>",
        "Mentoring <mentoring@example.org>",
    )
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "look <here> & there." in plain
    assert "<p>look &lt;here&gt; &amp; there.</p>" in html
    assert "style" not in html
    assert "https://mentors.example.org/notices/" in plain
    assert mail["Message-ID"].endswith("@mentors.example.org>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://mentors.example.org/unsubscribe/")
    assert post.states() == {"one": DeliveryState.SENT}


def test_without_mail_or_an_address_the_notice_is_there_all_the_same(
    post: Post, sink: Sink, deployment: Deployment
) -> None:
    for here in (deployment, post.deployment):
        with here.transaction(SYSTEM) as tx:
            tell(tx, post.people["Bo"], key=str(here.config.mail), subject="Hello")
    post.work()
    with post.deployment.reading(Actor(post.people["Bo"])) as tx:
        assert list_notices(tx).total == 2
    assert (post.deliveries(), sink.mails) == ([], [])


def test_a_change_that_is_rolled_back_sends_nothing(post: Post, sink: Sink) -> None:
    with pytest.raises(ZeroDivisionError), post.deployment.transaction(SYSTEM) as tx:
        tell(tx, post.people["Ada"], key="one", subject="Hello")
        1 / 0  # noqa: B018
    post.work()
    assert (post.deliveries(), sink.mails) == ([], [])


def test_a_server_that_is_down_for_an_hour_gets_every_mail_once(
    post: Post, sink: Sink, server: Controller, clock
) -> None:
    port = server.port
    server.stop()
    tell_ada(post, *(f"n{number}" for number in range(5)))
    for _ in range(12):
        post.work()
        clock.move(minutes=5)
    assert set(post.states().values()) == {DeliveryState.WAITING}
    assert "can't be reached" in " ".join(row.error or "" for row in post.deliveries())
    again = listen(sink, port)
    for _ in range(3):
        clock.move(minutes=70)
        post.work()
    again.stop()
    assert sorted(mail["Subject"] for mail in sink.mails) == [f"About n{number}" for number in range(5)]
    assert len({mail["Message-ID"] for mail in sink.mails}) == 5
    assert set(post.states().values()) == {DeliveryState.SENT}


def test_a_refusal_for_now_is_tried_again_with_the_same_id_and_growing_waits(post: Post, sink: Sink, clock) -> None:
    sink.refuse["ada@example.org"] = "451 4.3.2 ada@example.org: later"
    tell_ada(post, "one")
    waits = []
    for _ in range(5):
        post.work()
        (row,) = post.deliveries()
        waits.append((row.due_at - clock.now).total_seconds() / 60)
        assert "451 4.3.2" in (row.error or "")
        assert "@" not in (row.error or "")
        clock.now = row.due_at
    assert waits == [1, 4, 16, 64, 240]
    sink.refuse.clear()
    post.work()
    assert [mail["Message-ID"] for mail in sink.mails] == [post.deliveries()[0].message_id]


def test_a_mail_is_given_up_in_the_end(post: Post, sink: Sink, clock) -> None:
    sink.refuse["ada@example.org"] = "451 later"
    tell_ada(post, "one")
    for _ in range(parcels.MAX_ATTEMPTS):
        post.work()
        clock.move(hours=4)
    (row,) = post.deliveries()
    assert (row.state, row.attempts) == (DeliveryState.FAILED, parcels.MAX_ATTEMPTS)
    assert "given up after 16 attempts" in (row.error or "")


@pytest.mark.parametrize("email", ["ada@example.org", "not.an..address@", "a b@example.org"])
def test_what_will_never_arrive_is_a_bounce(post: Post, sink: Sink, email: str) -> None:
    sink.refuse["ada@example.org"] = "550 5.1.1 ada@example.org unknown"
    with post.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, post.people["Ada"]).email = email
    tell_ada(post, "one")
    post.work()
    (row,) = post.deliveries()
    assert row.state == DeliveryState.BOUNCED
    assert "@" not in (row.error or "")


def test_a_server_that_goes_away_while_it_takes_a_mail_leaves_it_maybe_sent(post: Post, sink: Sink) -> None:
    def go_away(server) -> str:
        server.transport.abort()
        return "250 never heard"

    sink.content = go_away
    tell_ada(post, "one")
    post.work()
    sink.content = None
    post.work()
    assert (post.states(), sink.mails) == ({"one": DeliveryState.MAYBE_SENT}, [])


def test_a_lost_lease_is_maybe_sent_and_not_sent_again(post: Post, sink: Sink, clock) -> None:
    tell_ada(post, "one")
    with post.deployment.transaction(SYSTEM) as tx:
        parcel = parcels.take(tx)
    clock.move(seconds=51)
    post.work()
    assert (post.states(), sink.mails) == ({"one": DeliveryState.MAYBE_SENT}, [])
    assert parcel is not None
    with post.deployment.transaction(SYSTEM) as tx:
        parcels.settle(tx, parcel, DeliveryState.SENT)
    assert post.states() == {"one": DeliveryState.SENT}, "the slow worker knows better"


def test_a_fault_of_the_program_itself_stops_neither_this_mail_for_good_nor_others(
    post: Post, sink: Sink, clock
) -> None:
    whole = post.deployment.config
    post.deployment.config = replace(whole, base_url=None)  # which no file can say
    tell_ada(post, "one", "two")
    post.work()
    rows = post.deliveries()
    assert [(row.state, "inside Wayfellow" in (row.error or "")) for row in rows] == [("waiting", True)] * 2
    post.deployment.config = whole
    clock.move(minutes=1)
    post.work()
    assert len(sink.mails) == 2


def test_what_was_switched_off_or_lost_its_address_is_not_sent(post: Post, sink: Sink) -> None:
    tell_ada(post, "one", kind="proposal.declined")
    with post.deployment.transaction(SYSTEM) as tx:
        set_choice(tx, post.people["Ada"], "proposal.declined", "email", Delivering.NEVER)
    post.work()
    tell_ada(post, "two", kind="proposal.declined")
    tell_ada(post, "three")
    with post.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, post.people["Ada"]).email = None
    post.work()
    assert (post.states(), sink.mails) == ({"one": "cancelled", "three": "cancelled"}, [])


class Ticking:
    """Be a clock that is later each time that somebody looks, as real ones are."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=7)
        return self.now


def test_many_are_posted_in_few_statements_and_sent_in_turns(post: Post, sink: Sink, statements, clock) -> None:
    ticking = replace(post.deployment, clock=Ticking(clock.now))

    def post_many(start: int, count: int) -> int:
        statements.clear()
        with ticking.transaction(SYSTEM) as tx:
            keys = range(start, start + count)
            tell_all(tx, [NewNotice(post.people["Ada"], f"k{n}", f"S{n}", "") for n in keys])
        return len(statements)

    assert post_many(0, 2) == post_many(2, 60)
    clock.move(minutes=1)
    post.work()
    assert len({mail["Subject"] for mail in sink.mails}) == len(sink.mails) == 62
    with post.deployment.reading(SYSTEM) as tx:
        sent = [row.result["sent"] for row in tx.session.query(JobRow) if row.kind == "notify.send"]
    assert (max(sent), sum(sent)) == (50, 62)


class Pigeons:
    """Be a plugin that brings a channel; the pigeons stay at home in the rain."""

    def __init__(self) -> None:
        self.flown: list[Message] = []
        self.rain = True

    def register_channels(self) -> list[Channel]:
        return [Channel("pigeon", "Pigeon", self.fly)]

    def fly(self, message: Message) -> None:
        if self.rain:
            raise OSError("rain")
        self.flown.append(message)


def test_a_channel_of_a_plugin_goes_the_same_way(post: Post, sink: Sink, clock) -> None:
    from wayfellow import hookimpl

    pigeons = Pigeons()
    Pigeons.register_channels = hookimpl(Pigeons.register_channels)
    post.deployment.host = PluginHost.load(post.deployment.config, plugins=(("pigeons", pigeons),))
    tell_ada(post, "one")
    post.work()
    assert sorted((row.channel, row.state) for row in post.deliveries()) == [("email", "sent"), ("pigeon", "waiting")]
    pigeons.rain = False
    clock.move(minutes=1)
    post.work()
    (message,) = pigeons.flown
    assert (message.to_email, message.subject) == ("ada@example.org", "About one")
    assert len(sink.mails) == 1


def test_a_server_without_starttls_or_with_another_password_is_named(server: Controller) -> None:
    base = MailSettings("127.0.0.1", "m@example.org", server.port, "starttls")
    for settings, sentence in (
        (base, "does not offer STARTTLS"),
        (replace(base, security="none", user="u", password="p"), "does not offer signing in"),
        (replace(base, security="ssl"), "encryption can't be trusted or used"),
    ):
        with pytest.raises(ServerDown, match=sentence), Mailer(settings) as mailer:
            mailer.check()


def test_the_command_sends_a_test_mail(sink: Sink, server: Controller, tmp_path) -> None:
    file = tmp_path / "wayfellow.toml"
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "m@example.org"\n'
    file.write_text(f'[wayfellow]\nbase_url = "https://mentors.example.org"\n{mail}')
    done = CliRunner().invoke(main, ["test-mail", "bo@example.org", "--config", str(file)])
    assert (done.exit_code, sink.to) == (0, ["bo@example.org"]), done.output
    sink.refuse["bo@example.org"] = "550 no"
    done = CliRunner().invoke(main, ["test-mail", "bo@example.org", "--config", str(file)])
    assert done.exit_code == 2
    assert "The test mail was not sent. The mail server knows no such address" in done.output
    file.write_text("")
    done = CliRunner().invoke(main, ["test-mail", "bo@example.org", "--config", str(file)])
    assert (done.exit_code, "Mail is not configured" in done.output) == (2, True)


def test_a_mail_encloses_what_is_written_for_its_notice_alone(
    deployment: Deployment, server: Controller, sink: Sink
) -> None:
    post = sending(deployment, server)
    with post.deployment.transaction(SYSTEM) as tx:
        post.people["Ada"] = create_person(tx, None, name="Ada", email="ada@example.org").id

    def enclose(tx: Transaction, key: str) -> Enclosure:
        return Enclosure(f"Only for {key}.", (Attachment("day.ics", "text/calendar; method=REQUEST", key.encode()),))

    kinds = [MessageKind("made.letter", "Letter", enclose_for=enclose)]
    made = (("made", make_plugin(register_message_kinds=kinds)),)
    post.deployment.host = PluginHost.load(post.deployment.config, plugins=made)
    tell_ada(post, "one", "two", kind="made.letter")
    post.work()
    for mail, key in zip(sink.mails, ("one", "two"), strict=True):
        (file,) = mail.iter_attachments()
        assert f"Only for {key}." in mail.get_body(("plain",)).get_content()
        assert (file.get_filename(), file.get_content_type()) == ("day.ics", "text/calendar")
        assert file["Content-Type"].params["method"] == "REQUEST"
        assert file.get_payload(decode=True) == key.encode()
        assert "List-Unsubscribe" not in mail
    with post.deployment.reading(SYSTEM) as tx:
        assert "Only for" not in "".join(tx.session.scalars(select(Notice.body)))
