from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from clients.fields import EncryptedTextField, LastFourHashField, SSNHashField, SSNShapeField
from clients.merge.policies import Moves
from clients.models.described import Described
from clients.models.names import Named, keeps_name_forms
from clients.models.record import ContactDetails
from clients.querysets import ClientQuerySet, ids_merged_into
from hud.choices import (
    RACES,
    DOBDataQuality,
    NameDataQuality,
    RaceNone,
    Sex,
    SSNDataQuality,
    VeteranStatus,
)
from hud.choices.answers import grouped
from hud.rules import dob as dob_rules
from hud.rules.ssn import Shape
from records.addresses import address
from records.breaks import KeepsMarks, MayBreak, breakable
from records.history import tracked
from records.hud_columns import program_columns
from records.model_fields import HashedKeyField, key_once
from records.models import Record, newest_index
from records.querysets import RecordManager

if TYPE_CHECKING:
    from clients.models.merge import ClientMerge

UNKNOWN = Q(name_data_quality__in=[8, 9, 99])
DERIVED = [
    *("photo_token", "first_key", "last_key", "last_part_key", "name_forms"),
    *("ssn_hash", "ssn_last4_hash", "ssn_shape", "erased_at"),
]
OF_PAIRS = """
    UPDATE clients_possibleduplicate SET organization_1_id = NEW.organization_id
        WHERE client_1_id = NEW.id;
    UPDATE clients_possibleduplicate SET organization_2_id = NEW.organization_id
        WHERE client_2_id = NEW.id;
    RETURN NULL;
"""
# A corrected date of birth: how long guardians' releases count is computed again.
OF_AGE = """
    UPDATE clients_release SET undecided = undecided
    WHERE client_id = NEW.id AND signed_by = 'guardian';
    RETURN NULL;
"""
# What an erased client has no more (docs/adr/0037).
IDENTITY = (
    *("first_name", "middle_name", "last_name", "name_suffix", "name_forms", "ssn", "ssn_hash"),
    *("ssn_last4_hash", "phone", "email", "address1", "address2", "city", "state", "zip"),
    *("additional_race_ethnicity", "photo_token"),
)


@tracked(exclude=DERIVED, by_time=True)
@program_columns("Client")
class Client(Described, Named, ContactDetails, MayBreak, Record):
    """A person served. `id` is the Client ID that users see, `personal_id` HUD's key."""

    personal_id = HashedKeyField()
    middle_name = models.CharField(max_length=50, blank=True)
    name_suffix = models.CharField("suffix", max_length=50, blank=True)
    name_data_quality = models.PositiveSmallIntegerField(
        choices=grouped(NameDataQuality.choices), default=NameDataQuality.NOT_COLLECTED
    )
    ssn = EncryptedTextField("SSN", blank=True)
    ssn_hash = SSNHashField("ssn")
    ssn_last4_hash = LastFourHashField("ssn")
    ssn_shape = SSNShapeField("ssn")
    ssn_data_quality = models.PositiveSmallIntegerField(
        "SSN data quality",
        choices=grouped(SSNDataQuality.choices),
        default=SSNDataQuality.NOT_COLLECTED,
    )
    dob = models.DateField("date of birth", null=True, blank=True)
    dob_data_quality = models.PositiveSmallIntegerField(
        "date of birth data quality",
        choices=grouped(DOBDataQuality.choices),
        default=DOBDataQuality.NOT_COLLECTED,
    )
    sex = models.PositiveSmallIntegerField(choices=grouped(Sex.choices), default=Sex.NOT_COLLECTED)
    am_ind_ak_native = models.BooleanField(default=False)
    asian = models.BooleanField(default=False)
    black_af_american = models.BooleanField(default=False)
    hispanic_latinao = models.BooleanField(default=False)
    mid_east_n_african = models.BooleanField(default=False)
    native_hi_pacific = models.BooleanField(default=False)
    white = models.BooleanField(default=False)
    race_none = models.PositiveSmallIntegerField(choices=RaceNone.choices, null=True, blank=True)
    additional_race_ethnicity = models.CharField(max_length=100, blank=True)
    veteran_status = models.PositiveSmallIntegerField(
        choices=grouped(VeteranStatus.choices), default=VeteranStatus.NOT_COLLECTED, editable=False
    )
    phone = models.CharField(max_length=40, blank=True)
    photo_token = models.CharField(max_length=32, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="merged_clients",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )

    # The alias through which a search found this client; None for one that is not shared.
    matched_alias: str | None = ""
    # The other ID that found this client, and the merge that it went by.
    found_by: "tuple[int, ClientMerge | None] | None" = None
    was_opened: bool  # as `clients.loading` brings it
    is_shared: bool  # without emergency access, as `with_sharing` brings it
    may_hide: bool  # for want of a release, as it brings it too
    has_details = False  # whether more than the identity is shared, as it brings it too
    is_emergency = False  # whether a user reads this client by emergency access, set on loading

    # Whoever was merged into the one who is gone is found in one step.
    on_merge = {"merged_into": Moves("earlier Client IDs that were merged into it")}

    objects = RecordManager.from_queryset(ClientQuerySet)()
    with_deleted = ClientQuerySet.as_manager()

    class Meta(Record.Meta):
        triggers = [
            KeepsMarks(),
            keeps_name_forms("NEW.id, NULL", "client_id = NEW.id AND alias_id IS NULL"),
            pgtrigger.Trigger(
                name="keeps_organization_of_pairs",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("organization_id"),
                condition=pgtrigger.Q(old__organization__df=pgtrigger.F("new__organization")),
                func=OF_PAIRS,
            ),
            pgtrigger.Trigger(
                name="guardians_until_18",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("dob"),
                condition=pgtrigger.Q(old__dob__df=pgtrigger.F("new__dob")),
                func=OF_AGE,
            ),
        ]
        indexes = [
            *Named.Meta.indexes,
            newest_index("client_of_organization"),
            models.Index(
                fields=["merged_into"], name="client_merged_into", condition=~Q(merged_into=None)
            ),
            models.Index(fields=["ssn_hash"], name="client_ssn", condition=~Q(ssn_hash="")),
            models.Index(
                fields=["ssn_last4_hash", "last_key", "first_key"],
                name="client_last4_name",
                condition=~Q(ssn_last4_hash=""),
            ),
            models.Index(fields=["dob", "last_key", "first_key"], name="client_dob_name"),
            # A year that was typed, and approximate dates beside a whole one (docs/adr/0027).
            models.Index(
                ExtractYear("dob"),
                "last_key",
                "first_key",
                name="client_birth_year_name",
                condition=Q(dob__isnull=False),
            ),
            models.Index(
                ExtractYear("dob"),
                "last_key",
                "first_key",
                name="client_rough_dob_name",
                condition=Q(dob_data_quality=DOBDataQuality.PARTIAL),
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            key_once("person_key_once", "personal_id"),
            breakable(
                name="client_has_a_name",
                condition=~Q(first_name="", last_name="") | UNKNOWN,
                violation_error_message=(
                    "Enter a first or last name, or choose in Name Data Quality why there is none."
                ),
            ),
            models.CheckConstraint(
                name="client_name_quality_fits",
                condition=Q(name_data_quality__in=NameDataQuality.values),
                violation_error_message="Choose one of the listed name data qualities.",
            ),
            breakable(
                name="client_ssn_quality_fits",
                condition=Q(ssn="", ssn_data_quality__in=[8, 9, 99])
                | (~Q(ssn="") & Q(ssn_data_quality__in=[1, 2])),
                violation_error_message=(
                    "An SSN is full or partial; without one, say why it is missing."
                ),
            ),
            models.CheckConstraint(
                name="client_ssn_shape_is_known",
                condition=Q(ssn_shape__in=[shape.value for shape in Shape]),
                violation_error_message="The shape of an SSN is one of those that are known.",
            ),
            breakable(
                name="client_dob_quality_fits",
                condition=Q(dob=None, dob_data_quality__in=[8, 9, 99])
                | Q(dob__isnull=False, dob_data_quality__in=[1, 2]),
                violation_error_message=(
                    "A date of birth is full or approximate; without one, say why it is missing."
                ),
            ),
            models.CheckConstraint(
                name="client_sex_is_known",
                condition=Q(sex__in=Sex.values),
                violation_error_message="Choose one of the listed answers for sex.",
            ),
            breakable(
                name="client_race_or_reason",
                condition=Q(race_none=None)
                | Q(
                    race_none__in=RaceNone.values,
                    **dict.fromkeys((name for name, _ in RACES), False),
                ),
                violation_error_message=(
                    "Choose races and ethnicities, or the reason that there is none; not both."
                ),
            ),
            breakable(
                name="client_served_before_separated",
                condition=Q(year_entered_service=None)
                | Q(year_separated=None)
                | Q(year_separated__gte=F("year_entered_service")),
                violation_error_message="Enter a year of separation that is not before the entry.",
            ),
            models.CheckConstraint(
                name="client_erased_is_deleted",
                condition=Q(erased_at=None) | Q(date_deleted__isnull=False),
                violation_error_message="This record was erased and cannot be restored.",
            ),
            models.CheckConstraint(
                name="client_erased_has_no_identity",
                condition=Q(erased_at=None) | Q(**dict.fromkeys(IDENTITY, "")),
                violation_error_message="This record was erased: nothing is written to it.",
            ),
            models.CheckConstraint(
                name="client_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                violation_error_message="A client cannot be merged into itself.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("clients:dashboard", self.pk)

    @property
    def born(self) -> dob_rules.BirthDate | None:
        """The date of birth as far as it is known."""
        return dob_rules.birth_date(self.dob, self.dob_data_quality)

    @property
    def has_approximate_dob(self) -> bool:
        return self.dob_data_quality == DOBDataQuality.PARTIAL

    @property
    def age(self) -> int | None:
        """Age today in years."""
        return dob_rules.age(self.dob, timezone.localdate()) if self.dob else None

    @property
    def all_ids(self) -> list[int]:
        """The own ID and those that were merged into it, under which log and history are kept."""
        return [self.pk, *ids_merged_into(self.pk)]

    @property
    def merged_note(self) -> str:
        """What to say where another ID found this client."""
        if self.found_by is None:
            return ""
        client_id, merge = self.found_by
        day = f" on {timezone.localtime(merge.at):%m/%d/%Y}" if merge else ""
        return f"Client ID {client_id} was merged into {self.pk}{day}."

    @property
    def is_restricted(self) -> bool:
        return self.visibility == self.Visibility.OWN_ORGANIZATION
