"""List the pages by area, and where they are mounted."""

from __future__ import annotations

from flask import Blueprint, Flask

from wayfellow_web.views import (
    applications,
    audit,
    blocks,
    concerns,
    deliveries,
    directory,
    goals,
    health,
    help_page,
    home,
    imports,
    invitations,
    jobs,
    join,
    matching,
    me,
    my_data,
    my_messages,
    my_part,
    notices,
    overview,
    people,
    person,
    plugins,
    programme_settings,
    programmes,
    proposals,
    requests,
    set_up,
    settings,
    start,
    team,
    unsubscribe,
    wording,
)

PROGRAMME = "/p/<programme>"


def areas() -> tuple[tuple[Blueprint, str], ...]:
    """Return each area's blueprint with the start of its addresses."""
    return (
        (start.blueprint, ""),
        (set_up.blueprint, "/set-up"),
        (health.blueprint, ""),
        (help_page.blueprint, "/help"),
        (join.blueprint, "/join"),
        (home.blueprint, "/home"),
        (directory.blueprint, "/find"),
        (requests.blueprint, "/requests"),
        (me.blueprint, "/me"),
        (goals.blueprint, "/me/goals"),
        (my_messages.blueprint, "/me/messages"),
        (my_data.blueprint, "/me/data"),
        (blocks.blueprint, "/me/blocks"),
        (concerns.raising, "/concern"),
        (my_part.blueprint, "/me/places"),
        (unsubscribe.blueprint, "/unsubscribe"),
        (notices.blueprint, "/notices"),
        (programmes.blueprint, "/programmes"),
        (jobs.blueprint, "/jobs"),
        (settings.blueprint, "/settings"),
        (plugins.blueprint, "/plugins"),
        (wording.blueprint, "/wording"),
        (audit.blueprint, "/audit"),
        (team.blueprint, "/team"),
        (team.programme_blueprint, f"{PROGRAMME}/team"),
        (overview.blueprint, PROGRAMME),
        (people.blueprint, f"{PROGRAMME}/people"),
        (invitations.blueprint, f"{PROGRAMME}/invitations"),
        (applications.blueprint, f"{PROGRAMME}/applications"),
        (programme_settings.blueprint, f"{PROGRAMME}/settings"),
        (matching.blueprint, f"{PROGRAMME}/matching"),
        (proposals.blueprint, f"{PROGRAMME}/proposals"),
        (concerns.blueprint, f"{PROGRAMME}/concerns"),
        (deliveries.blueprint, f"{PROGRAMME}/messages"),
        (imports.blueprint, f"{PROGRAMME}/imports"),
        (person.blueprint, f"{PROGRAMME}/people"),
    )


def configure_views(app: Flask) -> None:
    """Mount the pages of every area."""
    for blueprint, prefix in areas():
        app.register_blueprint(blueprint, url_prefix=prefix)
