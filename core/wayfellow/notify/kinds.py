"""List the kinds of messages: what people choose about, and what is done without a choice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow.deployment import Transaction
from wayfellow.types import MessageKind
from wayfellow.words import later

EMAIL = "email"

CORE_KINDS: Mapping[str, MessageKind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            MessageKind("proposal.proposed", later("A match was found for you"), later("It waits for your answer.")),
            MessageKind("proposal.accepted", later("You are a pair"), later("Both of you said yes.")),
            MessageKind("proposal.declined", later("The other said no"), later("A proposal ended.")),
            MessageKind(
                "proposal.superseded", later("A pair can't go ahead"), later("A place is gone, or something changed.")
            ),
            MessageKind(
                "proposal.reminder", later("An answer is waited for"), later("A reminder before the time runs out.")
            ),
            MessageKind(
                "proposal.expired",
                later("The time to answer is over"),
                later("A proposal that nobody answered in time."),
            ),
            MessageKind(
                "proposal.withdrawn",
                later("A proposal was taken back"),
                later("By a coordinator, or by whoever asked."),
            ),
            MessageKind("proposal.awaiting_admin", later("A coordinator looks at it"), later("Both of you said yes.")),
            MessageKind(
                "proposal.requested", later("Somebody asks you"), later("A request or an offer, or what came of yours.")
            ),
            MessageKind(
                "proposal.more_info", later("Tell me more"), later("A question about a request, or the reply to yours.")
            ),
            MessageKind(
                "mentorship.ended", later("A mentorship has ended"), later("Somebody left, or things changed.")
            ),
            MessageKind(
                "membership.changed",
                later("Your place in a programme"),
                later("An application, an approval, a waiting list."),
            ),
            MessageKind("general", later("Everything else"), later("What fits none of the kinds above.")),
        )
    }
)


def all_kinds(tx: Transaction) -> Mapping[str, MessageKind]:
    """Return every kind by key: core's, then those of plugins."""
    return {**CORE_KINDS, **{kind.key: kind for kind in tx.host.message_kinds}}


def find_kind(tx: Transaction, key: str) -> MessageKind:
    """Return a kind; what nobody declared, such as that of a plugin that is gone, is like "general"."""
    return all_kinds(tx).get(key) or CORE_KINDS["general"]


def channels(tx: Transaction) -> Mapping[str, str]:
    """Return the ways to people that are open here, by key, with what they are called."""
    email = {EMAIL: later("E-mail")} if tx.config.mail else {}
    return {**email, **{channel.key: channel.label for channel in tx.host.channels}}
