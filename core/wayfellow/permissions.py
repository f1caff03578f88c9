"""Say who may do what: the one table, and the one question that every service asks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow.errors import NotAllowed
from wayfellow.types import Actor, Permission, Role
from wayfellow.words import Wordlist, gettext, later, said

_STAFF = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
_READERS = _STAFF | {Role.AUDITOR}
_PARTICIPANTS = frozenset({Role.MENTOR, Role.MENTEE})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_SAFEGUARDING = frozenset({Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR})

#: What roles are called inside a sentence.
ROLES: Mapping[str, str] = Wordlist(
    {
        Role.ADMINISTRATOR: later("administrator"),
        Role.AUDITOR: later("auditor"),
        Role.COORDINATOR: later("coordinator"),
        Role.DOOR_STAFF: later("door staff"),
        Role.EVENT_HOST: later("event host"),
        Role.MENTEE: later("mentee"),
        Role.MENTOR: later("mentor"),
        Role.SAFEGUARDING_LEAD: later("safeguarding lead"),
    }
)

CORE_PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        permission.name: permission
        for permission in (
            Permission("programme.read", later("see the overview of a programme"), _READERS),
            Permission("programme.create", later("start programmes"), _ADMINISTRATORS),
            Permission("programme.edit", later("change programmes, and start and change their cycles"), _STAFF),
            Permission("people.read", later("see the people of a programme"), _READERS),
            Permission("people.edit", later("change people's profiles and places"), _STAFF),
            Permission("people.import", later("import people from files"), _STAFF),
            Permission("people.export", later("export lists of people"), _STAFF),
            Permission("matching.read", later("see match runs and why each pair was proposed"), _READERS),
            Permission("matching.run", later("start and stop match runs"), _STAFF),
            Permission("matching.criteria", later("change what matching goes by"), _STAFF),
            Permission("matching.review", later("lock, exclude and replace drafted pairs"), _STAFF),
            Permission("matching.publish", later("publish drafted pairs to the people in them"), _STAFF),
            Permission("proposals.answer", later("accept or decline a proposal"), _PARTICIPANTS),
            Permission("proposals.ask", later("ask for a mentorship, or offer one"), _PARTICIPANTS),
            Permission("concerns.read", later("read and settle concerns that people raised"), _SAFEGUARDING),
            Permission("goals.edit", later("keep goals of one's own"), _PARTICIPANTS),
            Permission("profile.edit", later("keep a profile of one's own"), _PARTICIPANTS | _READERS),
            Permission("jobs.read", later("see work in progress"), _READERS),
            Permission("jobs.cancel", later("stop work in progress"), _STAFF),
            Permission(
                "jobs.manage", later("see all work of the installation and start failed work again"), _ADMINISTRATORS
            ),
            Permission("messages.read", later("see which messages reached people"), _READERS),
            Permission("messages.retry", later("send messages again that did not arrive"), _STAFF),
            Permission("messages.edit", later("change the words of messages"), _ADMINISTRATORS),
            Permission("plugins.read", later("see which plugins are installed and how they are"), _ADMINISTRATORS),
            Permission("settings.edit", later("change settings of the installation and of plugins"), _ADMINISTRATORS),
            Permission("roles.grant", later("give people duties in the whole deployment"), _ADMINISTRATORS),
            Permission("audit.read", later("see who did what and when"), frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
            Permission("accounts.manage", later("switch accounts off and reset second factors"), _ADMINISTRATORS),
            Permission("accounts.invite", later("make sign-in links for people"), _STAFF),
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
        who = gettext(" or ").join(ROLES[role] for role in sorted(declared.roles))
        what = said(declared.help)
        raise NotAllowed(
            gettext("Only a %(who)s may %(what)s. Ask a coordinator of your programme.", who=who, what=what)
        )
