"""Releases of Information of the demonstration: in force, about to end, ended, revoked, refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.models import User
from clients.models import Client, Release
from consent.minors import is_minor
from files.models import Category, ClientFile
from hmis.demo.context import STORY, Context, runs

RELEASE_EVERY = 4  # so many clients, one has answered
Kind = Release.Kind


def add_releases(context: Context) -> None:
    rows = sorted(_releases(context), key=lambda row: (row[0].date_created, row[0].client_id))
    for run in runs(rows, lambda row: row[0]):
        for release, _ in run:
            release.save()
            if release.kind == Kind.UPLOADED:
                _file_paper(release)
    for release, days_ago in rows:
        if days_ago is not None:
            _revoke(context, release, days_ago)


def _releases(context: Context) -> Iterator[tuple[Release, int | None]]:
    """Each answer, and how many days ago it was revoked, if it was."""
    answers = dict(STORY["releases"])
    others = answers.pop("others")
    for key, theirs in answers.items():
        for one in theirs:
            yield _release(context, context.personas[key], one), one.get("revoked")
    for place, client in enumerate(context.others[::RELEASE_EVERY]):
        if not client.is_restricted and not is_minor(client, context.today):
            yield _release(context, client, others[place % len(others)]), None


def _release(context: Context, client: Client, given: dict[str, Any]) -> Release:
    written = max(context.moment(given["days_ago"]), client.date_created)
    day = timezone.localdate(written)
    covers = given.get("covers")
    return Release(
        client=client,
        organization=client.organization,
        covers=getattr(context.agencies, covers) if covers else None,
        kind=given["kind"],
        witness=_witness(context, client) if given["kind"] == Kind.VERBAL else client.created_by,
        answered_on=day,
        begins_on=day,
        ends_on=max(context.day(-given["lasts"]), day) if "lasts" in given else None,
        date_created=written,
        created_by=client.created_by,
    )


def _witness(context: Context, client: Client) -> User:
    """A colleague of who recorded it."""
    staff = context.agencies.staff[client.organization]
    return next(one for one in staff if one.pk != client.created_by_id)


def _file_paper(release: Release) -> None:
    """What was signed is the consent that is in the client's files."""
    papers = ClientFile.objects.of_client(release.client_id).filter(category=Category.CONSENT)
    papers.update(release=release)


def _revoke(context: Context, release: Release, days_ago: int) -> None:
    release.revoked_at = max(context.moment(days_ago), release.date_created + timedelta(minutes=1))
    release.revoked_by = release.created_by
    release.revoked_reason = Release.Reason.CLIENT
    release.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
