"""List the kinds of messages: what people choose about, and what is done without a choice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow.deployment import Transaction
from wayfellow.types import MessageKind

EMAIL = "email"

CORE_KINDS: Mapping[str, MessageKind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            MessageKind("proposal.proposed", "A match was found for you", "It waits for your answer."),
            MessageKind("proposal.accepted", "You are a pair", "Both of you said yes."),
            MessageKind("proposal.declined", "The other said no", "A proposal ended."),
            MessageKind("proposal.superseded", "A pair can't go ahead", "A place is gone, or something changed."),
            MessageKind("proposal.reminder", "An answer is waited for", "A reminder before the time runs out."),
            MessageKind("proposal.expired", "The time to answer is over", "A proposal that nobody answered in time."),
            MessageKind("proposal.withdrawn", "A proposal was taken back", "By a coordinator, or by whoever asked."),
            MessageKind("proposal.awaiting_admin", "A coordinator looks at it", "Both of you said yes."),
            MessageKind("mentorship.ended", "A mentorship has ended", "Somebody left, or things changed."),
            MessageKind("proposal.requested", "Somebody asks you", "A request or an offer, or what came of yours."),
            MessageKind("proposal.more_info", "Tell me more", "A question about a request, or the reply to yours."),
            MessageKind(
                "membership.changed", "Your place in a programme", "An application, an approval, a waiting list."
            ),
            MessageKind("general", "Everything else", "What fits none of the kinds above."),
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
    email = {EMAIL: "E-mail"} if tx.config.mail else {}
    return {**email, **{channel.key: channel.label for channel in tx.host.channels}}
