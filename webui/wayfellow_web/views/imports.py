"""Bring people in from files: upload, look, leave columns out, start; nothing is saved before the last step."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.importing.models import ImportBatch, ImportState
from wayfellow.importing.service import (
    choose_columns,
    discard,
    export_problems,
    get_import,
    list_imports,
    preview,
    stage_upload,
    start_import,
)
from wayfellow.pages import page
from wayfellow.tabular.limits import UPLOAD
from wayfellow.types import Role
from wayfellow.words import gettext
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import COLUMN_KINDS, IMPORT_STATES

blueprint = Blueprint("imports", __name__)

Answer = str | Redirect | tuple[str, int]


@blueprint.get("/")
@page("people.import")
def index() -> str:
    """Offer to upload a file, and list what was imported before."""
    return _index()


@blueprint.post("/")
@page("people.import")
def upload() -> Answer:
    """Keep an uploaded file for looking at."""
    file, role = request.files.get("file"), request.form.get("role", "")
    if file is None or not file.filename:
        return _index(role, [("file", gettext("Choose a file first: CSV or XLSX, one row a person."))]), 422
    if role not in (Role.MENTOR, Role.MENTEE):
        return _index(role, [("role-mentor", gettext("Say whether the file holds mentors or mentees."))]), 422
    try:
        with cast(BinaryIO, file.stream) as stream, writing() as tx:
            batch = stage_upload(tx, this_cycle().id, Role(role), file.filename, stream)
    except InvalidInput as error:
        sentences = [str(problem) for problem in error.problems] or [str(error)]
        return _index(role, [("file", sentence) for sentence in sentences]), error.status
    return redirect(url_for(".show", batch_id=batch.id))


@blueprint.get("/<int:batch_id>")
@page("people.import")
def show(batch_id: int) -> str | Redirect:
    """Show what an import would do, where it is, or what it did."""
    batch = _batch(batch_id)
    if batch.state == ImportState.DONE:
        return render_template("wayfellow_web/imports/done.html", batch=batch)
    try:
        found = preview(reading(), batch_id)
    except Conflict:
        return redirect(url_for("jobs.show", job_id=batch.job_id))
    return render_template("wayfellow_web/imports/preview.html", preview=found, batch=batch, KINDS=COLUMN_KINDS)


@blueprint.post("/<int:batch_id>/columns")
@page("people.import")
def columns(batch_id: int) -> Redirect:
    """Leave columns out, or take them in again."""
    _batch(batch_id)
    with writing() as tx:
        choose_columns(tx, batch_id, request.form.getlist("ignore"))
    return redirect(url_for(".show", batch_id=batch_id))


@blueprint.post("/<int:batch_id>/start")
@page("people.import")
def start(batch_id: int) -> Redirect:
    """Ask for the import; twice is the same as once."""
    _batch(batch_id)
    with writing() as tx:
        job = start_import(tx, batch_id)
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.post("/<int:batch_id>/discard")
@page("people.import")
def discard_upload(batch_id: int) -> Redirect:
    """Delete an upload that is not imported."""
    batch = _batch(batch_id)
    with writing() as tx:
        discard(tx, batch_id)
    flash(gettext("%(file)s is deleted here. Nothing of it was imported.", file=batch.filename), "good")
    return redirect(url_for(".index"))


@blueprint.get("/<int:batch_id>/problems.csv")
@page("people.import")
def problems(batch_id: int) -> Response:
    """Hand over the rows that need mending."""
    batch = _batch(batch_id)
    headers = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    return Response(list(export_problems(reading(), batch.id)), mimetype="text/csv", headers=headers)


def _batch(batch_id: int) -> ImportBatch:
    batch = get_import(reading(), batch_id)
    if batch.programme_id != this_programme().id:
        raise InvalidInput(gettext("This upload belongs to another programme. Choose that programme first."))
    return batch


def _index(role: str = "", wrong: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "wayfellow_web/imports/index.html",
        batches=list_imports(reading(), this_cycle().id),
        role=role,
        problems=wrong or [],
        megabytes=UPLOAD.bytes >> 20,
        rows=UPLOAD.rows,
        IMPORT_STATES=IMPORT_STATES,
    )
