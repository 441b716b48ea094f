from django.utils import timezone

from privacy.models import ClientRequest, LegalHold
from tests.factories import ClientRecordFactory


class ClientRequestFactory(ClientRecordFactory):
    class Meta:
        model = ClientRequest

    kind = "copy"
    asked_by = "client"
    identified_by = "id"
    text = "All of it"


class LegalHoldFactory(ClientRecordFactory):
    class Meta:
        model = LegalHold

    reason = "Subpoena of 11/02/2026"


def granted(client, officer) -> ClientRequest:
    """A request to erase the client, which the officer has granted."""
    return ClientRequestFactory(
        client=client,
        kind="erasure",
        state="granted",
        answered_by=officer,
        answered_at=timezone.now(),
    )
