import io

from files import actions
from files.inspection import Findings
from files.kinds import Kind
from files.models import ClientFile, ClientPhoto
from tests.files.samples import jpeg


def file_of(client, *, by=None, content=None, kind=Kind.JPEG, **fields) -> ClientFile:
    """A file that is in the store, with a thumbnail and one page."""
    content = content or jpeg()
    row = ClientFile(
        **{"client": client, "organization": client.organization, "document_name": "State ID"}
        | fields
    )
    with actions.stored(
        content=io.BytesIO(content), kind=kind, pages=1, thumbnail=jpeg((36, 36))
    ) as upload:
        row.stored = upload.record()
        row.stamp(by=by or client.created_by)
        row.save()
    return row


def photo_of(client, *, by=None) -> ClientPhoto:
    findings = Findings(Kind.JPEG, 1, [jpeg(), jpeg((240, 288))])
    with actions.stored_photo(findings) as upload:
        return actions.set_photo(
            client=client,
            upload=upload,
            organization=client.organization,
            by=by or client.created_by,
        )
