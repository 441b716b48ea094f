from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from exchange.models import FileCount, KeptFile, Transfer
from exchange.states import KeptPart, TransferKind, TransferState
from tests.factories import OrganizationFactory, UserFactory


class TransferFactory(DjangoModelFactory):
    """A queued export; `over=State.DONE` gives one that has ended and expires in a week."""

    class Meta:
        model = Transfer

    class Params:
        over = None
        checked = factory.Trait(
            kind=TransferKind.IMPORT,
            state=TransferState.WAITING,
            expires_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=7)),
        )

    kind = TransferKind.EXPORT
    organization = factory.SubFactory(OrganizationFactory)
    asked_by = factory.SubFactory(UserFactory)
    state = factory.LazyAttribute(lambda one: one.over or TransferState.QUEUED)
    ended_at = factory.LazyAttribute(lambda one: timezone.now() if one.over else None)
    expires_at = factory.LazyAttribute(
        lambda one: timezone.now() + timedelta(days=7) if one.over else None
    )
    problem = factory.LazyAttribute(lambda one: "It failed." if one.over == "failed" else "")


class KeptFileFactory(DjangoModelFactory):
    class Meta:
        model = KeptFile

    transfer = factory.SubFactory(TransferFactory)
    part = KeptPart.RESULT
    store_key = factory.Sequence("exchange/aa/{}".format)
    seal = "a key"


class FileCountFactory(DjangoModelFactory):
    class Meta:
        model = FileCount

    transfer = factory.SubFactory(TransferFactory)
    file = "Client.csv"
