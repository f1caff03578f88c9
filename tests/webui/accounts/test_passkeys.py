"""Passkeys on both databases, with an authenticator of software; the pages are tested in a real browser."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import update
from web_world import World
from webauthn.helpers import bytes_to_base64url

from wayfellow.deployment import Deployment
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.types import SYSTEM
from wayfellow_web.accounts import passkeys
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.passkeys import Place
from wayfellow_web.accounts.service import account_of

PLACE = Place("localhost", "http://localhost")
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """Be an authenticator that holds one passkey; ``flags`` say whether it checked who holds it."""

    user: bytes = b""
    flags: int = PRESENT | VERIFIED
    origin: str = PLACE.origin
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    count: int = 0

    def make(self, challenge: bytes) -> str:
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        said = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(self._client("webauthn.create", challenge), attestationObject=said)

    def sign(self, challenge: bytes) -> str:
        self.count += 1
        client, data = self._client("webauthn.get", challenge), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(client, authenticatorData=data, signature=signature, userHandle=self.user)

    def _data(self, more: int) -> bytes:
        return hashlib.sha256(PLACE.host.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin}
        return json.dumps(said).encode()

    def _credential(self, client: bytes, **response: bytes) -> str:
        coded = {name: bytes_to_base64url(value) for name, value in response.items()}
        name = bytes_to_base64url(self.id)
        answer = {"clientDataJSON": bytes_to_base64url(client)} | coded
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": answer})


@pytest.fixture
def device(deployment: Deployment, world: World) -> Device:
    """Give Mia's device, whose passkey is kept."""
    with deployment.transaction(SYSTEM) as tx:
        device = Device(account_of(tx, world.people["Mia"]).fs_uniquifier.encode())
        challenge = secrets.token_bytes(32)
        passkeys.add_key(tx, world.people["Mia"], PLACE, challenge, device.make(challenge), "My telephone")
    return device


def come_in(deployment: Deployment, device: Device, challenge: bytes, signed: str | None = None) -> int:
    with deployment.transaction(SYSTEM) as tx:
        return passkeys.find_by_passkey(tx, PLACE, challenge, signed or device.sign(challenge)).person_id


def test_what_was_made_opens_its_owners_account(deployment: Deployment, world: World, device: Device, clock) -> None:
    assert come_in(deployment, device, b"1" * 32) == world.people["Mia"]
    with deployment.reading(SYSTEM) as tx:
        [key] = passkeys.list_keys(tx, world.people["Mia"])
        assert (key.name, key.sign_count, key.used_at) == ("My telephone", 1, clock())
        options = json.loads(passkeys.registration_options(tx, world.people["Mia"], PLACE, b"2" * 32))
    assert [one["id"] for one in options["excludeCredentials"]] == [bytes_to_base64url(device.id)]


def test_all_else_is_refused_in_the_same_words(deployment: Deployment, device: Device) -> None:
    challenge = b"1" * 32
    replayed = device.sign(challenge)
    come_in(deployment, device, challenge, replayed)
    somebody, copied = Device(device.user), Device(device.user, id=device.id, key=device.key)
    unseen = Device(device.user, PRESENT, id=device.id, key=device.key, count=9)
    elsewhere = Device(device.user, origin="https://evil.example", id=device.id, key=device.key, count=9)
    others = Device(b"somebody else", id=device.id, key=device.key, count=9)
    tries = [one.sign(challenge) for one in (somebody, copied, unseen, elsewhere, others)]
    tries += [replayed, device.sign(b"2" * 32), "{}", "nonsense"]
    refusals = set()
    for signed in tries:
        with pytest.raises(InvalidInput) as refusal:
            come_in(deployment, device, challenge, signed)
        refusals.add(str(refusal.value))
    assert len(refusals) == 1


def test_an_account_that_is_off_is_not_opened(deployment: Deployment, device: Device) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(update(Account).values(active=False))
    with pytest.raises(InvalidInput):
        come_in(deployment, device, b"1" * 32)


def test_a_device_that_does_not_check_who_holds_it_is_not_kept(deployment: Deployment, world: World) -> None:
    with deployment.transaction(SYSTEM) as tx, pytest.raises(InvalidInput, match="could not be kept"):
        passkeys.add_key(tx, world.people["Mia"], PLACE, b"1" * 32, Device(flags=PRESENT).make(b"1" * 32), "Key")


def test_only_ones_own_are_removed(deployment: Deployment, world: World, device: Device) -> None:
    with deployment.transaction(SYSTEM) as tx:
        [key] = passkeys.list_keys(tx, world.people["Mia"])
        with pytest.raises(NotFound):
            passkeys.remove_key(tx, world.people["Tom"], key.id)
        passkeys.remove_key(tx, world.people["Mia"], key.id)
    with pytest.raises(InvalidInput):
        come_in(deployment, device, b"1" * 32)
