"""Hand mails to an SMTP server, and tell for certain, or admit not to know, whether it took them."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from types import TracebackType

from wayfellow.config_mail import MailSettings

#: How many seconds the server gets for each answer.
TIMEOUT = 15.0


class NotSent(Exception):
    """Say, in a sentence without addresses, that the server did not take the mail now; it can be tried again."""


class ServerDown(NotSent):
    """Say that the server takes no mail from us at all now."""


class Bounced(Exception):
    """Say, in a sentence without addresses, that the server will never take this mail for this address."""


class MaybeSent(Exception):
    """Say that the mail was handed over but the answer is missing: it may have been taken."""


class Mailer:
    """Keep one connection open for several mails; close it at the end."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def check(self) -> None:
        """Connect and sign in. Raises ServerDown."""
        self._connected()

    def send(self, message: EmailMessage, to: str) -> None:
        """Hand a mail over. Raises NotSent, ServerDown, Bounced, MaybeSent; without an error the server has it."""
        client = self._connected()
        plain = to.isascii()
        if not plain and not client.has_extn("smtputf8"):
            raise Bounced("The mail server can't take an address with letters beyond A to Z.")
        data = message.as_bytes(policy=policy.SMTP if plain else policy.SMTPUTF8)
        options = [] if plain else ["SMTPUTF8", "BODY=8BITMIME"]
        try:
            self._ask(lambda: client.mail(self.settings.address, options), _sender_refused)
            self._ask(lambda: client.rcpt(to), _address_refused)
            self._hand_over(client, data)
        except Exception:
            self.close()  # the next mail begins afresh
            raise

    def close(self) -> None:
        """End the conversation."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()

    def _ask(self, act: Callable[[], tuple[int, bytes]], refused: Callable[[int, bytes], Exception]) -> None:
        try:
            code, reply = act()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerDown(_broken_off()) from error
        if code not in (250, 251, 252):
            raise refused(code, reply)

    def _hand_over(self, client: smtplib.SMTP, data: bytes) -> None:
        try:
            code, reply = client.data(data)
        except smtplib.SMTPDataError as error:
            raise _content_refused(error.smtp_code, _bytes(error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MaybeSent("The mail server went away before it said whether it took the message.") from error
        if code != 250:
            raise _content_refused(code, reply)

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            try:
                self._client = self._connect()
            except smtplib.SMTPAuthenticationError as error:
                why = f"The mail server refuses user and password ({_said(error.smtp_code, _bytes(error.smtp_error))})"
                raise ServerDown(f"{why}. Look at [mail] in the configuration.") from error
            except smtplib.SMTPNotSupportedError as error:
                how = "signing in" if self.settings.security != "starttls" else "STARTTLS or signing in"
                raise ServerDown(
                    f"The mail server does not offer {how}. Look at [mail] in the configuration."
                ) from error
            except ssl.SSLError as error:
                why = error.reason or "no encrypted connection"
                raise ServerDown(f"The mail server's encryption can't be trusted or used: {why}.") from error
            except (OSError, smtplib.SMTPException) as error:
                raise ServerDown(_out_of_reach(self.settings, error)) from error
        return self._client

    def _connect(self) -> smtplib.SMTP:
        settings, context = self.settings, ssl.create_default_context()
        if settings.security == "ssl":
            client: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT, context=context)
        else:
            client = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT)
        try:
            if settings.security == "starttls":
                client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
            if settings.user and settings.password:
                client.login(settings.user, settings.password)
        except BaseException:
            client.close()
            raise
        return client


def _sender_refused(code: int, reply: bytes) -> Exception:
    # Not this person's fault, and the operator can mend it: so it is tried again even when the server says "never".
    return ServerDown(f"The mail server takes no mail from our sender ({_said(code, reply)}). Look at [mail] sender.")


def _address_refused(code: int, reply: bytes) -> Exception:
    if 500 <= code < 600:
        return Bounced(f"The mail server knows no such address, or it takes no mail ({_said(code, reply)}).")
    return NotSent(f"The mail server could not take mail for this address now ({_said(code, reply)}).")


def _content_refused(code: int, reply: bytes) -> Exception:
    if 500 <= code < 600:
        return Bounced(f"The mail server refused the message ({_said(code, reply)}).")
    return NotSent(f"The mail server could not take the message now ({_said(code, reply)}).")


def _said(code: int, reply: bytes) -> str:
    """Return the server's codes alone: its words may hold addresses."""
    first = reply.decode("ascii", "replace").split(" ", 1)[0]
    enhanced = first if first[:2] in ("2.", "4.", "5.") and first.replace(".", "").isdigit() else ""
    return f"{code} {enhanced}".strip()


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode()


def _broken_off() -> str:
    return "The mail server broke the conversation off before it got the message."


def _out_of_reach(settings: MailSettings, error: Exception) -> str:
    why = getattr(error, "strerror", None) or type(error).__name__
    return f"The mail server {settings.host}, port {settings.port}, can't be reached: {why}."
