"""Hold the values by which plugins bring kinds of messages and ways to people; :mod:`wayfellow.types` offers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wayfellow.deployment import Transaction


@dataclass(frozen=True, slots=True)
class Message:
    """Hold one notification as a channel delivers it; ``key`` stays the same when it is sent again."""

    key: str
    to_person_id: int
    to_name: str
    to_email: str | None
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Describe a way to reach people; ``deliver`` raises when it could not, and the host tries again."""

    key: str
    label: str
    deliver: Callable[[Message], None]


class Delivering(StrEnum):
    """Name when a person wants a kind of message to reach them outside the pages."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Be one file in a mail, such as a calendar entry; ``media_type`` may carry parameters, such as a method."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Hold what a mail carries that is written only as it is handed over: text for its end, and files."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageKind:
    """Describe a kind of message that people choose about; ``default`` holds until they do.

    ``enclose(tx, person_id)`` returns text for the end of a mail that is written only as it is handed over and never
    kept, such as a link that works once. A kind with it goes out at once by e-mail alone, and nobody chooses about it.
    ``enclose_for(tx, key)`` does the same for one notice, which it knows by its key, and may add files.
    ``address(tx, person_id)`` returns where such a mail goes instead of the person's address, or None for nowhere.
    """

    key: str
    label: str
    help: str = ""
    default: Delivering = Delivering.AT_ONCE
    enclose: Callable[[Transaction, int], str] | None = None
    enclose_for: Callable[[Transaction, str], Enclosure] | None = None
    address: Callable[[Transaction, int], str | None] | None = None

    @property
    def is_enclosing(self) -> bool:
        """Tell whether its mails carry what is written only as they are handed over."""
        return self.enclose is not None or self.enclose_for is not None
