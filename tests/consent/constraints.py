"""Rows that the constraints of texts and signatures accept and refuse."""

from functools import partial

from django.utils import timezone

from consent.models import ReleaseTemplate, TemplateText, TemplateVersion
from tests.consent.factories import (
    ReleaseFactory,
    SignatureFactory,
    TemplateVersionFactory,
)
from tests.factories import OrganizationFactory, UserFactory

NOW = timezone.now()
PUBLISHED = {"number": 1, "published_at": NOW, "published_by": "somebody"}
RETIRED = {"retired_at": NOW, "retired_by": "somebody"}
PEOPLE = ("published_by", "retired_by")


def version():
    """The one draft that there is."""
    return TemplateVersion.objects.first() or TemplateVersionFactory()


def save_template(changes):
    return ReleaseTemplate.objects.create(
        organization=changes.get("organization"), created_by=UserFactory()
    )


def save_version(changes):
    return TemplateVersionFactory(
        **changes | {name: UserFactory() for name in PEOPLE if name in changes}
    )


def save_text(changes):
    usual = {"language": "en", "title": "Title", "text": "Text"}
    return TemplateText.objects.create(version=version(), **usual | changes)


def save_signature(changes):
    return SignatureFactory(release=ReleaseFactory(signed=True), version=version(), **changes)


# name: (how a row is saved, what it accepts one after the other, what it refuses after that)
ONE_AFTER_THE_OTHER = {
    "release_template_once": (
        save_template,
        [{}, {"organization": OrganizationFactory}],
        [{}],
    ),
    "template_version_number_once": (
        save_version,
        [PUBLISHED | RETIRED, PUBLISHED | RETIRED | {"number": 2}],
        [PUBLISHED | RETIRED],
    ),
    "template_version_one_draft": (save_version, [{}, PUBLISHED], [{}]),
    "template_version_one_in_force": (
        save_version,
        [PUBLISHED | RETIRED, PUBLISHED | {"number": 2}],
        [PUBLISHED | {"number": 3}],
    ),
    "template_version_published_by_somebody": (
        save_version,
        [PUBLISHED],
        [{"number": 2}, {"published_at": NOW}, {"number": 2, "published_at": NOW}],
    ),
    "template_version_retired_by_somebody": (
        save_version,
        [PUBLISHED | RETIRED],
        [RETIRED, {"retired_at": NOW}, PUBLISHED | {"number": 2, "retired_at": NOW}],
    ),
    "template_version_lasts": (
        save_version,
        [PUBLISHED | RETIRED | {"months": 120}, {"months": 1}],
        [PUBLISHED | {"number": 2, "months": 0}, PUBLISHED | {"number": 2, "months": 121}],
    ),
    "template_text_once": (save_text, [{}, {"language": "es"}], [{}]),
    "template_text_language_is_known": (
        save_text,
        [{"language": "zh-Hans"}],
        [{"language": ""}, {"language": "xx"}],
    ),
    "template_text_says_something": (save_text, [{}], [{"title": ""}, {"text": ""}]),
    "template_text_has_known_placeholders": (
        save_text,
        [{"text": "{client}\n{organization} {today}{end}"}],
        [{"text": "{name}"}, {"title": "{"}, {"text": "}"}, {"text": "a\n{client}}"}],
    ),
    "signature_language_is_known": (
        save_signature,
        [{"language": "vi"}],
        [{"language": "xx"}],
    ),
    "signature_has_a_hash": (
        save_signature,
        [{"text_hash": "a" * 64}],
        [{"text_hash": ""}, {"text_hash": "A" * 64}],
    ),
    "signature_by_hand_or_typed": (
        save_signature,
        [{}, {"strokes": [[1, 2]], "typed_name": "", "statement": ""}],
        [
            {"strokes": [[1, 2]]},
            {"typed_name": ""},
            {"statement": ""},
            {"typed_name": "", "statement": ""},
        ],
    ),
}


def saved(save, *rows):
    for changes in rows:
        save({key: value() if callable(value) else value for key, value in changes.items()})


ROWS = {
    name: (
        [partial(saved, save, *accepted)],
        [partial(saved, save, *accepted, changes) for changes in refused],
    )
    for name, (save, accepted, refused) in ONE_AFTER_THE_OTHER.items()
}
