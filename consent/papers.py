"""The paper that was signed, in the Client Files of everybody whom it is about."""

from collections.abc import Sequence

from agencies.models import User
from clients.models import Release
from files.actions import StoredUpload
from files.models import Category, ClientFile


def file_papers(
    *, releases: Sequence[Release], uploads: Sequence[StoredUpload], by: User
) -> list[ClientFile]:
    """File a copy for each release, in their order; it leads to its release and stays with it.

    Run in the transaction that recorded the releases.
    """
    found = []
    for release, upload in zip(releases, uploads, strict=True):
        row = ClientFile(
            client_id=release.client_id,
            stored=upload.record(),
            document_name=f"Release of Information {release.answered_on:%m-%d-%Y}",
            category=Category.CONSENT,
            expires_on=release.ends_on,
            organization_id=release.organization_id,
            release=release,
        )
        row.stamp(by=by)
        row.save()
        found.append(row)
    return found


def paper_of(release: Release, user: User) -> ClientFile | None:
    """What was signed, in Client Files, if there is one and the user may see it."""
    return ClientFile.objects.visible_to(user).filter(release=release).first()
