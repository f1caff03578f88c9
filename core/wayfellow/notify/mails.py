"""Write a mail: plain text, the same as HTML, and the headers that mail programs ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape

from wayfellow.config import Config
from wayfellow.notify.smtp import Bounced
from wayfellow.types import Attachment, MessageKind
from wayfellow.words import direction, gettext, said, this_voice

#: A web address in escaped text.
_ADDRESS = re.compile(r"https?://[^\s<>]*[\w/=-]")


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one notice as a mail shows it."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Mail:
    """Hold what a mail is made of; ``unsubscribe`` is the address that stops its kind, "" where there is none."""

    message_id: str
    name: str
    email: str
    subject: str
    parts: Sequence[Part]
    footer: str
    unsubscribe: str = ""
    attachments: Sequence[Attachment] = ()


def footer_of(kinds: Sequence[MessageKind], organisation: str, *, digest: bool) -> str:
    """Return the sentence that says why someone gets a mail."""
    if digest:
        return gettext("You get this overview because you chose it at %(organisation)s.", organisation=organisation)
    return gettext(
        "You get this because you take part at %(organisation)s. Kind of message: %(kind)s.",
        organisation=organisation,
        kind=said(kinds[0].label),
    )


def build(config: Config, mail: Mail, now: datetime) -> EmailMessage:
    """Return a mail that is ready to be sent. Raises Bounced for an address that is none."""
    if config.mail is None or config.base_url is None:
        raise RuntimeError("A mail is written only where mail is configured.")
    message = EmailMessage()
    name, address = parseaddr(config.mail.sender)
    message["From"] = _address(config.sender_name or name, address)
    message["To"] = _address(mail.name, mail.email)
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    base = config.base_url.rstrip("/")
    message.set_content(_plain(mail, base), cte="quoted-printable")
    message.add_alternative(_html(mail, base), subtype="html", cte="quoted-printable")
    for one in mail.attachments:
        _attach(message, one)
    return message


def _attach(message: EmailMessage, one: Attachment) -> None:
    kind, *said = (part.strip() for part in one.media_type.split(";"))
    main, _, sub = kind.partition("/")
    parameters = dict(part.split("=", 1) for part in said)
    message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name, params=parameters)


def _plain(mail: Mail, base: str) -> str:
    several = len(mail.parts) > 1
    texts = [f"{part.subject}\n\n{part.body}".strip() if several else part.body or part.subject for part in mail.parts]
    foot = [mail.footer, gettext("Choose what you get: %(link)s", link=f"{base}/me/messages")]
    if mail.unsubscribe:
        foot.append(gettext("Stop this kind of message: %(link)s", link=mail.unsubscribe))
    read = gettext("Read it in the browser: %(link)s", link=f"{base}/notices/")
    return "\n\n\n".join(texts) + f"\n\n{read}\n\n-- \n" + "\n".join(foot) + "\n"


def _html(mail: Mail, base: str) -> str:
    several = len(mail.parts) > 1
    parts = []
    for part in mail.parts:
        heading = f"<h2>{escape(part.subject)}</h2>" if several else ""
        parts.append(heading + _paragraphs(part.body or part.subject))
    links = [_link(f"{base}/me/messages", gettext("Choose what you get"))]
    if mail.unsubscribe:
        links.append(_link(mail.unsubscribe, gettext("Stop this kind of message")))
    title, read = escape(_line(mail.subject)), _link(f"{base}/notices/", gettext("Read it in the browser"))
    return (
        f'<!DOCTYPE html><html lang="{this_voice().language}" dir="{direction()}">'
        f'<head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body>{''.join(parts)}<p>{read}</p><hr>"
        f"<p><small>{escape(mail.footer)} {' · '.join(links)}</small></p></body></html>\n"
    )


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _paragraphs(text: str) -> str:
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return "".join(f"<p>{_linked(escape(block)).replace(chr(10), '<br>')}</p>" for block in blocks)


def _linked(escaped: str) -> str:
    """Return text with its addresses as links; what ends a sentence does not belong to one."""
    return _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', escaped)


def _address(name: str, email: str) -> Address:
    try:
        return Address(display_name=_line(name), addr_spec=email)
    except Exception as error:  # the parser raises errors of many kinds
        raise Bounced("The address can't be read as an e-mail address.") from error


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
