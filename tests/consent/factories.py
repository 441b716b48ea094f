"""Releases of Information of every kind and state."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from agencies.models import Organization, User
from clients.models import Client, Release
from consent.languages import Language
from consent.models import ReleaseTemplate, Signature, TemplateText, TemplateVersion
from consent.texts.actions import publish, seen, start_draft
from tests import factories
from tests.factories import UserFactory

TEXT_HASH = "0" * 64


class ReleaseFactory(factories.ReleaseFactory):
    """The same, and signed, refused or a guardian's."""

    class Params:
        signed = factory.Trait(kind=Release.Kind.SIGNED, text_hash=TEXT_HASH)
        refused = factory.Trait(kind=Release.Kind.REFUSED)
        guardian = factory.Trait(
            signed_by=Release.SignedBy.GUARDIAN, guardian_name="Gloria Guardian"
        )


class ReleaseTemplateFactory(DjangoModelFactory):
    """The text of the CoC."""

    class Meta:
        model = ReleaseTemplate
        django_get_or_create = ("organization",)

    organization = None
    created_by = factory.SubFactory(UserFactory)


class TemplateVersionFactory(DjangoModelFactory):
    """A draft, until its texts are there."""

    class Meta:
        model = TemplateVersion

    template = factory.SubFactory(ReleaseTemplateFactory)
    created_by = factory.SelfAttribute("template.created_by")


def published(
    *,
    by: User,
    organization: Organization | None = None,
    texts: Mapping[str, tuple[str, str]] | None = None,
    **columns: Any,
) -> TemplateVersion:
    """A text in force, published as the page of texts does it: the samples, or what is given.

    Args:
        organization: whose text; None for the CoC's.
        texts: title and text by language.
        columns: of the version, such as `months`.
    """
    template = ReleaseTemplateFactory(organization=organization, created_by=by)
    draft = start_draft(template=template, by=by)
    for name, value in columns.items():
        setattr(draft, name, value)
    draft.save()
    if texts is not None:
        draft.texts.all().delete()
        TemplateText.objects.bulk_create(
            TemplateText(version=draft, language=language, title=title, text=text)
            for language, (title, text) in texts.items()
        )
    draft = TemplateVersion.objects.get(pk=draft.pk)
    return publish(version=draft, seen_as=seen(draft), by=by)


class SignatureFactory(DjangoModelFactory):
    """A typed name under a release; its hash is of no text."""

    class Meta:
        model = Signature

    release = factory.SubFactory(ReleaseFactory, signed=True)
    version = factory.SubFactory(TemplateVersionFactory)
    language = Language.ENGLISH
    languages = [Language.ENGLISH.value]
    values = factory.LazyFunction(dict)
    text_hash = TEXT_HASH
    typed_name = "John Smith"
    statement = "I agree."
    witness = factory.SelfAttribute("release.witness")


def ended_yesterday(client: Client) -> Release:
    today = timezone.localdate()
    return ReleaseFactory(
        client=client,
        answered_on=today - timedelta(days=30),
        begins_on=today - timedelta(days=30),
        ends_on=today - timedelta(days=1),
    )


def revoked(release: Release, *, reason: str = "client") -> Release:
    Release.objects.filter(pk=release.pk).update(
        revoked_at=timezone.now(), revoked_by=release.witness, revoked_reason=reason
    )
    release.refresh_from_db()
    return release
