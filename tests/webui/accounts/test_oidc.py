"""Whom the organisation's provider vouches for comes in; whom it does not, or not for us, stays out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from oidc_provider import Provider, serve
from sqlalchemy import func, select, update
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.people.models import Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.accounts.managing import unbind_provider
from wayfellow_web.accounts.models import Account, AccountSession, Identity
from wayfellow_web.accounts.personal import collect

#: For what depends on the provider's answers and on no query.
ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Browse = Callable[[], FlaskClient]


@pytest.fixture
def provider(clock) -> Iterator[Provider]:
    with serve(Provider(clock)) as provider:
        yield provider


@pytest.fixture
def house(deployment: Deployment, world: World, provider: Provider) -> Deployment:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(update(Person).where(Person.id == world.people["Mia"]).values(email="mia@example.org"))
    provider.person = {"sub": "m-1", "email": "Mia@Example.org", "email_verified": True, "name": "Mia M."}
    return replace(deployment, config=replace(deployment.config, base_url="http://localhost", oidc=provider.settings))


@pytest.fixture
def browse(house: Deployment) -> Browse:
    app = create_app(deployment=house)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client


def come_in(client: FlaskClient, provider: Provider, start: str = "/sign-in/provider/"):
    """Go to the provider, show there who one is, and come back."""
    return client.get(provider.sign_in(client.get(start).location))


def plain(page: str) -> str:
    """Return a page without the tokens of its forms, which differ each time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def who_is_in(house: Deployment) -> list[int]:
    with house.reading(SYSTEM) as tx:
        query = select(Account.person_id).join(AccountSession, AccountSession.account_id == Account.id)
        return list(tx.session.scalars(query))


def audited(house: Deployment, action: str) -> list[dict]:
    with house.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(AuditEntry.details).where(AuditEntry.action == action)))


def test_a_known_address_comes_in_and_goes_where_it_wanted(
    browse: Browse, house: Deployment, provider: Provider, world: World
) -> None:
    mia = browse()
    assert "Sign in with Northlight ID" in mia.get("/sign-in?next=/me/goals/").text
    answer = come_in(mia, provider)
    assert answer.location == "/me/goals/"
    assert mia.get("/me/goals/").status_code == 200
    assert who_is_in(house) == [world.people["Mia"]]
    assert audited(house, "account.signed_in") == [{"by": "provider"}]
    assert audited(house, "account.provider_bound") == [{"issuer": provider.url}]
    with house.reading(SYSTEM) as tx:
        kept = collect(world.people["Mia"], tx.session) or {}
    assert kept["providers"] == [{"issuer": provider.url, "subject": "m-1"}]


def test_what_the_provider_says_only_when_asked_counts_too(browse: Browse, house: Deployment, provider) -> None:
    provider.at_userinfo = True
    assert come_in(browse(), provider).status_code == 302
    assert len(who_is_in(house)) == 1


def test_from_then_on_the_subject_alone_counts(browse: Browse, house: Deployment, provider, world: World) -> None:
    come_in(browse(), provider)
    provider.person |= {"email": "mia.married@example.org"}
    assert come_in(browse(), provider).status_code == 302
    provider.person |= {"email": "else@example.org", "email_verified": False}
    assert come_in(browse(), provider).status_code == 302
    assert who_is_in(house) == [world.people["Mia"]] * 3


def test_an_address_that_was_given_to_somebody_else_opens_nothing(
    browse: Browse, house, provider, world: World
) -> None:
    come_in(browse(), provider)
    provider.person |= {"sub": "m-2"}
    assert come_in(browse(), provider).status_code == 403
    assert len(who_is_in(house)) == 1
    with house.transaction(SYSTEM) as tx:
        unbind_provider(tx, world.people["Mia"])
    assert who_is_in(house) == []
    assert come_in(browse(), provider).status_code == 302, "an administrator said that it is the same person"


@ONCE
@pytest.mark.parametrize(
    "person",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "nobody@example.org"},
        {"email": "no address"},
        {"email": None},
    ],
    ids=str,
)
def test_unverified_and_unknown_addresses_stay_out(browse: Browse, house: Deployment, provider, person) -> None:
    provider.person |= person
    answer = come_in(browse(), provider)
    assert answer.status_code == 403
    assert "could not bring you in" in answer.text
    assert who_is_in(house) == []
    assert [entry["by"] for entry in audited(house, "account.sign_in_refused")] == ["provider"]


@ONCE
@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another one"},
        {"nonce": None},
        {"aud": "somebody else"},
        {"aud": ["wayfellow", "somebody else"]},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_attempt_opens_nothing(browse: Browse, house, provider, change) -> None:
    left_out = {name for name, value in change.items() if value is None}
    provider.twist = lambda claims: {n: v for n, v in (claims | change).items() if n not in left_out}
    refused = come_in(browse(), provider)
    assert refused.status_code == 403
    assert who_is_in(house) == []
    with house.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Identity)) == 0


@ONCE
def test_a_token_that_somebody_else_signed_opens_nothing(browse: Browse, house: Deployment, provider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert come_in(browse(), provider).status_code == 403
    assert who_is_in(house) == []


@ONCE
def test_every_refusal_is_the_same_page(browse: Browse, provider: Provider) -> None:
    pages = set()
    for person in ({"email": "nobody@example.org"}, {"email_verified": False}):
        before = dict(provider.person)
        provider.person |= person
        pages.add(plain(come_in(browse(), provider).text))
        provider.person = before
    pages.add(plain(browse().get("/sign-in/provider/callback?state=x&code=y").text))
    assert len(pages) == 1


def test_an_answer_counts_in_the_browser_that_asked_alone_and_once(browse: Browse, house, provider) -> None:
    client, other = browse(), browse()
    back = provider.sign_in(client.get("/sign-in/provider/").location)
    other.get("/sign-in/provider/")
    assert other.get(back).status_code == 403, "another browser's state"
    assert browse().get(back).status_code == 403, "a browser that began nothing"
    held = client.get_cookie("wayfellow")
    assert held is not None
    assert client.get(back).status_code == 302
    thief = browse()
    thief.set_cookie("wayfellow", held.value)
    provider.codes |= {parse_qs(urlsplit(back).query)["code"][0]: provider.asked[0]}
    assert thief.get(back).status_code == 403, "even if the provider took its code twice"
    assert len(who_is_in(house)) == 1


@ONCE
def test_a_code_that_the_provider_gave_for_another_attempt_opens_nothing(browse: Browse, house, provider) -> None:
    eve, mia = browse(), browse()
    stolen = parse_qs(urlsplit(provider.sign_in(mia.get("/sign-in/provider/").location)).query)["code"][0]
    own = parse_qs(urlsplit(provider.sign_in(eve.get("/sign-in/provider/").location)).query)
    assert eve.get(f"/sign-in/provider/callback?code={stolen}&state={own['state'][0]}").status_code == 403
    assert who_is_in(house) == []


@ONCE
def test_too_late_and_stopped_at_the_provider(browse: Browse, house: Deployment, provider, clock) -> None:
    client = browse()
    back = provider.sign_in(client.get("/sign-in/provider/").location)
    clock.move(minutes=16)
    assert client.get(back).status_code == 403
    state = parse_qs(urlsplit(client.get("/sign-in/provider/").location).query)["state"][0]
    assert client.get(f"/sign-in/provider/callback?error=access_denied&state={state}").status_code == 403
    assert who_is_in(house) == []


def test_an_account_that_is_off_stays_out(browse: Browse, house: Deployment, provider, world: World) -> None:
    come_in(browse(), provider)
    with house.transaction(SYSTEM) as tx:
        tx.session.execute(update(Account).values(active=False))
    assert come_in(browse(), provider).status_code == 403
    assert audited(house, "account.sign_in_refused")[-1]["because"] == "the account is switched off"


def test_new_people_come_in_only_where_that_is_wanted(house: Deployment, provider: Provider) -> None:
    provider.person = {"sub": "n-1", "email": "new@example.org", "email_verified": True, "name": "Nia New"}
    oidc = replace(provider.settings, new_people=True)
    open_house = replace(house, config=replace(house.config, oidc=oidc))
    nia = create_app(deployment=open_house).test_client()
    assert come_in(nia, provider).status_code == 302
    assert nia.get("/me/").status_code == 200
    assert nia.get("/p/bridges/").status_code == 404, "somebody without a part in anything"
    with house.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(Person.name).where(Person.email == "new@example.org")) == "Nia New"


@ONCE
def test_a_provider_that_is_down_leads_to_a_page_that_says_so(house: Deployment, clock) -> None:
    with serve(Provider(clock)) as gone:
        pass
    shut = replace(house, config=replace(house.config, oidc=gone.settings))
    answer = create_app(deployment=shut).test_client().get("/sign-in/provider/")
    assert answer.status_code == 503
    assert "Northlight ID does not answer" in answer.text
    assert "Other ways to sign in" in answer.text


@ONCE
def test_a_provider_that_goes_away_meanwhile(browse: Browse, house: Deployment, clock) -> None:
    client = browse()
    with serve(Provider(clock)) as going:
        going.person = {"sub": "m-1"}
        shut = replace(house, config=replace(house.config, oidc=going.settings))
        client = create_app(deployment=shut).test_client()
        back = going.sign_in(client.get("/sign-in/provider/").location)
    assert client.get(back).status_code == 503


@ONCE
def test_one_that_calls_itself_something_else_is_not_believed(browse: Browse, provider: Provider) -> None:
    provider.describe = lambda: Provider.describe(provider) | {"issuer": "https://evil.example"}  # type: ignore[method-assign]
    assert browse().get("/sign-in/provider/").status_code == 503


@ONCE
def test_what_is_risky_needs_a_sign_in_that_was_just_now(browse: Browse, provider: Provider, clock) -> None:
    mia = browse()
    come_in(mia, provider)
    asked = mia.get("/me/sign-ins/password/")
    assert asked.location.startswith("/me/confirm/"), "the provider did not say when she showed who she is"
    assert "Sign in again with Northlight ID" in mia.get(asked.location).text
    provider.twist = lambda claims: claims | {"auth_time": int(clock().timestamp()) - 3600}
    come_in(mia, provider, "/sign-in/provider/?again=1")
    assert mia.get("/me/sign-ins/password/").status_code == 302, "an hour ago"
    provider.twist = lambda claims: claims | {"auth_time": int(clock().timestamp()) - 5}
    assert mia.get(mia.get("/me/sign-ins/password/").location).status_code == 200
    assert come_in(mia, provider, "/sign-in/provider/?again=1").location == "/me/sign-ins/password/"
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    assert mia.get("/me/sign-ins/password/").status_code == 200


@ONCE
def test_without_a_provider_nothing_offers_one(client: FlaskClient) -> None:
    assert "/sign-in/provider" not in client.get("/sign-in").text
    assert client.get("/sign-in/provider/").status_code == 404
    assert client.get("/sign-in/provider/callback?code=x").status_code == 404
