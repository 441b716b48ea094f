"""How a release was signed on the screen: what was shown, by which hand, who witnessed it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.fields import NormalizedCharField, NormalizedTextField
from consent.languages import Language
from consent.models.templates import TemplateVersion
from records.history import append_only
from records.model_fields import protected

SHA256 = "^[0-9a-f]{64}$"


class Signature(models.Model):
    """One release, signed: nothing of it is edited.

    The text is the version's with `values` in place of its placeholders, so that `text_hash` can
    be computed again at any time (`consent.signing.shown`).

    Attributes:
        language: the one that the signer read; `languages` are all that were shown, in order.
        values: by language, what the placeholders stood for.
        strokes: as `consent.strokes` reads them; empty where the name was typed.
        statement: what the signer agreed to by typing the name.
        witness: the user before whom it was signed.
    """

    release = models.OneToOneField(
        "clients.Release", on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    language = models.CharField(max_length=7, choices=Language.choices)
    languages = models.JSONField()
    values = models.JSONField()
    text_hash = models.CharField(
        max_length=64, validators=[RegexValidator(SHA256, "Enter a SHA-256 in hexadecimal.")]
    )
    strokes = models.JSONField(default=list, blank=True)
    typed_name = NormalizedCharField(max_length=150, blank=True)
    statement = NormalizedTextField(blank=True)
    witness = protected("agencies.User", db_index=False)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signature_language_is_known",
                condition=Q(language__in=Language.values),
                violation_error_message="Choose one of the listed languages.",
            ),
            models.CheckConstraint(
                name="signature_has_a_hash",
                condition=Q(text_hash__regex=SHA256),
                violation_error_message="A signature needs the hash of the text.",
            ),
            models.CheckConstraint(
                name="signature_by_hand_or_typed",
                condition=(~Q(strokes=[]) & Q(typed_name="", statement=""))
                | (Q(strokes=[]) & ~Q(typed_name="") & ~Q(statement="")),
                violation_error_message="Sign by hand, or type the name and agree.",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Signature of release {self.release_id}"

    @property
    def is_drawn(self) -> bool:
        return bool(self.strokes)
