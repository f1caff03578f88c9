"""Say who may do what: the one table, and the one question that every service asks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow.errors import NotAllowed
from wayfellow.types import Actor, Permission, Role

_STAFF = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
_READERS = _STAFF | {Role.AUDITOR}
_PARTICIPANTS = frozenset({Role.MENTOR, Role.MENTEE})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_SAFEGUARDING = frozenset({Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR})

CORE_PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        permission.name: permission
        for permission in (
            Permission("programme.read", "see the overview of a programme", _READERS),
            Permission("programme.create", "start programmes", _ADMINISTRATORS),
            Permission("programme.edit", "change programmes, and start and change their cycles", _STAFF),
            Permission("people.read", "see the people of a programme", _READERS),
            Permission("people.edit", "change people's profiles and places", _STAFF),
            Permission("people.import", "import people from files", _STAFF),
            Permission("people.export", "export lists of people", _STAFF),
            Permission("matching.read", "see match runs and why each pair was proposed", _READERS),
            Permission("matching.run", "start and stop match runs", _STAFF),
            Permission("matching.criteria", "change what matching goes by", _STAFF),
            Permission("matching.review", "lock, exclude and replace drafted pairs", _STAFF),
            Permission("matching.publish", "publish drafted pairs to the people in them", _STAFF),
            Permission("proposals.answer", "accept or decline a proposal", _PARTICIPANTS),
            Permission("concerns.read", "read and settle concerns that people raised", _SAFEGUARDING),
            Permission("proposals.ask", "ask for a mentorship, or offer one", _PARTICIPANTS),
            Permission("goals.edit", "keep goals of one's own", _PARTICIPANTS),
            Permission("profile.edit", "keep a profile of one's own", _PARTICIPANTS | _READERS),
            Permission("jobs.read", "see work in progress", _READERS),
            Permission("jobs.cancel", "stop work in progress", _STAFF),
            Permission("jobs.manage", "see all work of the installation and start failed work again", _ADMINISTRATORS),
            Permission("messages.read", "see which messages reached people", _READERS),
            Permission("messages.retry", "send messages again that did not arrive", _STAFF),
            Permission("messages.edit", "change the words of messages", _ADMINISTRATORS),
            Permission("plugins.read", "see which plugins are installed and how they are", _ADMINISTRATORS),
            Permission("roles.grant", "give people duties in the whole deployment", _ADMINISTRATORS),
            Permission("audit.read", "see who did what and when", frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
            Permission("accounts.manage", "switch accounts off and reset second factors", _ADMINISTRATORS),
            Permission("accounts.invite", "make sign-in links for people", _STAFF),
        )
    }
)


def may(actor: Actor, permission: str, programme_id: int | None = None, extra: Mapping[str, Permission] = {}) -> bool:
    """Tell whether someone may do a thing in a programme (None: in the deployment).

    ``extra`` holds the permissions of plugins. Raises KeyError for a permission that nobody declared.
    """
    declared = CORE_PERMISSIONS.get(permission) or extra[permission]
    return actor.is_system or actor.holds(declared.roles, programme_id)


def require(
    actor: Actor, permission: str, programme_id: int | None = None, extra: Mapping[str, Permission] = {}
) -> None:
    """Raise NotAllowed unless someone may do a thing in a programme."""
    if not may(actor, permission, programme_id, extra):
        declared = CORE_PERMISSIONS.get(permission) or extra[permission]
        who = " or ".join(sorted(role.value.replace("_", " ") for role in declared.roles))
        raise NotAllowed(f"Only a {who} may {declared.help}. Ask a coordinator of your programme.")
