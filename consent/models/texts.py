"""A version of what clients are asked to sign, in one language."""

import pgtrigger
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from consent.fields import TemplateCharField, TemplateTextField
from consent.languages import Language
from consent.models.templates import TemplateVersion
from consent.wording import KNOWN, LONGEST
from records.checks import SelfChecked
from records.history import tracked

# Whoever publishes holds the version's row: a text that is written meanwhile waits, and is refused.
OF_A_DRAFT = """
    IF TG_OP <> 'INSERT' THEN versions := versions || OLD.version_id; END IF;
    IF TG_OP <> 'DELETE' THEN versions := versions || NEW.version_id; END IF;
    PERFORM 1 FROM consent_templateversion WHERE id = ANY(versions) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM consent_templateversion
        WHERE id = ANY(versions) AND published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The text of a published version never changes. Start a draft.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_text_never_changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


@tracked(read_by=("version",))
class TemplateText(SelfChecked):
    """A version in one language: plain text, an empty line between paragraphs.

    {client}, {organization}, {today} and {end} stand for what they say when it is signed.
    """

    version = models.ForeignKey(
        TemplateVersion,
        on_delete=models.CASCADE,
        related_name="texts",
        editable=False,
        db_index=False,
    )
    language = models.CharField(max_length=7, choices=Language.choices)
    title = TemplateCharField(max_length=200)
    text = TemplateTextField(
        validators=[MaxLengthValidator(LONGEST)],
        help_text=(
            "Plain text, an empty line between paragraphs. A short first line without a period is "
            "a heading. {client}, {organization}, {today} and {end} are filled in when somebody "
            "signs."
        ),
    )

    class Meta:
        verbose_name = "text"
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                name="template_text_once",
                fields=["version", "language"],
                violation_error_message="There is a text in this language already.",
            ),
            models.CheckConstraint(
                name="template_text_language_is_known",
                condition=Q(language__in=Language.values),
                violation_error_message="Choose one of the listed languages.",
            ),
            models.CheckConstraint(
                name="template_text_says_something",
                condition=~Q(title="") & ~Q(text=""),
                violation_error_message="Enter a title and a text.",
            ),
            models.CheckConstraint(
                name="template_text_has_known_placeholders",
                condition=Q(title__regex=KNOWN) & Q(text__regex=KNOWN),
                violation_error_message=(
                    "Braces stand around {client}, {organization}, {today} and {end} alone."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_text_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("versions", "bigint[]")],
                func=OF_A_DRAFT,
            ),
        ]

    def __str__(self) -> str:
        return self.get_language_display()
