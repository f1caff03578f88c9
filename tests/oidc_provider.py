"""Be a real OpenID provider on this machine: HTTP, signed tokens, PKCE, codes that work once."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from wayfellow.config_oidc import OidcSettings

CLIENT, SECRET = "wayfellow", "a secret of theirs"
Claims = dict[str, object]


@dataclass
class Provider:
    """Hold who signs in at the provider, what it says of them, and what it was asked.

    ``twist`` may change the claims of an ID token before it is signed, ``key`` signs them. ``at_userinfo`` keeps
    profile and e-mail out of the ID token, as providers may.
    """

    clock: Callable[[], datetime]
    url: str = ""
    person: Claims = field(default_factory=dict)
    twist: Callable[[Claims], Claims] = dict
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    at_userinfo: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    published: RSAKey | None = None

    def __post_init__(self) -> None:
        self.published = self.key

    @property
    def settings(self) -> OidcSettings:
        return OidcSettings(self.url, CLIENT, SECRET, "Northlight ID")

    def describe(self) -> dict[str, object]:
        paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        ends: dict[str, object] = {f"{name}_endpoint": f"{self.url}/{path}" for name, path in paths.items()}
        return ends | {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}

    def sign_in(self, address: str) -> str:
        """Do what a person does there, and return the address to which the provider sends them back."""
        answer = requests.post(address, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def give_code(self, query: dict[str, str]) -> str:
        self.asked.append(query)
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, object]]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "%20").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization not in (f"Basic {basic}", f"Basic {plain}"):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not asked or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        token = {"access_token": "open", "token_type": "Bearer", "expires_in": 60}
        return 200, token | {"id_token": self.vouch(asked["nonce"])}

    def vouch(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims: Claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": nonce}
        claims |= {"sub": self.person["sub"]} if self.at_userinfo else self.person
        return jwt.encode({"alg": "RS256", "kid": "one"}, self.twist(claims), self.key)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                action = escape(self.path)
                self.say(200, f"<title>Northlight</title><form method=post action='{action}'><button>It is me</button>")
                return
            pages = {
                "/.well-known/openid-configuration": provider.describe,
                "/keys": lambda: {"keys": [provider.published.as_dict(private=False)]},
                "/userinfo": lambda: provider.person,
            }
            self.say_json(200, pages[parts.path]())

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.give_code(_flat(parts.query)))
                self.end_headers()
                return
            self.say_json(*provider.redeem(_flat(text), self.headers.get("Authorization", "")))

        def say(self, status: int, text: str, kind: str = "text/html") -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def say_json(self, status: int, value: object) -> None:
            self.say(status, json.dumps(value), "application/json")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def serve(provider: Provider) -> Iterator[Provider]:
    """Let a provider answer on a free port of this machine within the ``with`` block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
