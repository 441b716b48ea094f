"""Rows that the constraints of clients accept and refuse (tests/test_constraints.py)."""

from datetime import date, timedelta

from django.utils import timezone

from clients.models import (
    Alert,
    Client,
    ClientAccess,
    ClientAlias,
    ClientMerge,
    DuplicateReport,
    DuplicateSearch,
    EmergencyAccess,
    IdentityChange,
    InterestedOther,
    NameSpelling,
    PossibleDuplicate,
    Release,
    SSNReveal,
)
from clients.models.client import IDENTITY
from tests.factories import (
    ClientAliasFactory,
    ClientFactory,
    ClientMergeFactory,
    PossibleDuplicateFactory,
)
from tests.inserted_rows import inserted

NOW = timezone.now()
DELETED = {"date_deleted": NOW, "deleted_by": "somebody"}
ERASED = dict.fromkeys(IDENTITY, "") | {"erased_at": NOW, "name_data_quality": 99}


def second_alias(**values):
    first = ClientAliasFactory()
    same = {name: getattr(first, name) for name in ("client", "first_name", "last_name")}
    ClientAliasFactory(**(same | values))


def second_pair(*, same):
    first = PossibleDuplicateFactory()
    other = {"client_2": first.client_2} if same else {}
    PossibleDuplicateFactory(client_1=first.client_1, **other)


def second_merge(**first):
    merge = ClientMergeFactory(**first)
    ClientMergeFactory(survivor=ClientFactory(), merged=merge.merged)


def undone_merge():
    merge = ClientMergeFactory()
    ClientMergeFactory(merged=merge.merged, undone_at=NOW, undone_by=merge.by)


def spelled(*keys):
    for key in keys:
        NameSpelling.objects.create(part="ana", key=key)


def ssn_shape(shape):
    Client.objects.filter(pk=ClientFactory().pk).update(ssn_shape=shape)


OF_TWO_ROWS = {
    "person_key_once": (
        [lambda: ClientFactory(personal_id="a" * 32)],
        [lambda: ClientFactory(personal_id=ClientFactory().personal_id)],
    ),
    "alias_once": ([lambda: second_alias(client=ClientFactory())], [second_alias]),
    "possible_duplicate_once": (
        [lambda: second_pair(same=False)],
        [lambda: second_pair(same=True)],
    ),
    "merged_away_once": ([undone_merge], [second_merge]),
    "spelling_once": ([lambda: spelled("maryana", "ana")], [lambda: spelled("ana", "ana")]),
    # A row that is written by way of the model has its shape derived.
    "client_ssn_shape_is_known": (
        [lambda shape=shape: ssn_shape(shape) for shape in ("whole", "part", "impossible", "")],
        [lambda: ssn_shape("odd")],
    ),
}
OF_RECORDS = {}
for _model in (Client, Alert, InterestedOther, DuplicateReport):
    _name = _model._meta.model_name
    OF_RECORDS[f"{_name}_visibility_is_known"] = (
        _model,
        [{"visibility": "all"}, {"visibility": "own"}],
        [{"visibility": ""}, {"visibility": "foe"}],
    )
    OF_RECORDS[f"{_name}_deleted_by_somebody"] = (
        _model,
        [{"date_deleted": NOW, "deleted_by": "somebody"}, {"date_deleted": None}],
        [{"date_deleted": NOW}, {"deleted_by": "somebody"}],
    )
ROWS = (
    OF_TWO_ROWS
    | inserted(OF_RECORDS)
    | inserted(
        {
            "access_kind_is_known": (
                ClientAccess,
                [{"kind": "ssn"}, {"kind": "list"}, {"kind": "copy"}],
                [{"kind": ""}, {"kind": "peek"}],
            ),
            "access_to_one_or_to_a_list": (
                ClientAccess,
                [{"listed": None}, {"client": None, "listed": [1]}],
                [{"listed": [1]}, {"client": None}, {"client": None, "listed": []}],
            ),
            "reveal_reason_is_known": (
                SSNReveal,
                [{"reason": "benefits"}, {"reason": "other", "other": "A lease"}],
                [{"reason": "curious"}],
            ),
            "reveal_words_are_of_other": (
                SSNReveal,
                [{"reason": "other", "other": "A lease"}, {"reason": "identity"}],
                [{"reason": "identity", "other": "A lease"}],
            ),
            "emergency_reason_is_known": (
                EmergencyAccess,
                [{"reason": "medical"}, {"reason": "other"}],
                [{"reason": ""}, {"reason": "curious"}],
            ),
            "emergency_is_explained": (
                EmergencyAccess,
                [{"explanation": "x"}],
                [{"explanation": ""}],
            ),
            "emergency_ends_after_begin": (
                EmergencyAccess,
                [{"begins_at": NOW, "ends_at": NOW + timedelta(seconds=1)}],
                [{"begins_at": NOW, "ends_at": NOW}],
            ),
            "emergency_ended_by_somebody": (
                EmergencyAccess,
                [{"ended_at": NOW, "ended_by": "somebody"}, {"ended_at": None}],
                [{"ended_at": NOW}, {"ended_by": "somebody"}],
            ),
            "identity_change_decision_known": (
                IdentityChange,
                [{"decision": "open"}],
                [{"decision": "", "decided_by": "somebody", "decided_at": NOW}],
            ),
            "identity_change_decided_by_somebody": (
                IdentityChange,
                [{"decision": "kept", "decided_by": "somebody", "decided_at": NOW}],
                [{"decision": "kept"}, {"decided_at": NOW}],
            ),
            "release_kind_is_known": (Release, [{"kind": "verbal"}], [{"kind": ""}, {"kind": "x"}]),
            "release_ends_after_start": (
                Release,
                [{"begins_on": date(2999, 1, 1), "ends_on": date(2999, 1, 1)}, {"ends_on": None}],
                [{"begins_on": date(2999, 1, 2), "ends_on": date(2999, 1, 1)}],
            ),
            "release_lasts_ten_years": (
                Release,
                [{"begins_on": date(2999, 1, 1), "ends_on": date(3008, 12, 31)}, {"ends_on": None}],
                [{"begins_on": date(2999, 1, 1), "ends_on": date(3009, 1, 3)}],
            ),
            "release_begins_with_its_answer": (
                Release,
                [{"answered_on": date(2026, 1, 1), "begins_on": date(2026, 1, 1)}],
                [{"answered_on": date(2026, 1, 2), "begins_on": date(2026, 1, 1)}],
            ),
            "release_refused_has_no_term": (
                Release,
                [{"kind": "refused"}],
                [
                    {
                        "kind": "refused",
                        **dict.fromkeys(("answered_on", "begins_on", "ends_on"), date(2999, 1, 1)),
                    },
                    {"kind": "refused", "begins_on": date(2999, 1, 1)},
                ],
            ),
            "release_text_is_signed": (
                Release,
                [
                    {"kind": "signed", "text_hash": "a0" * 32},
                    {"kind": "typed", "text_hash": "a0" * 32},
                    {"kind": "uploaded"},
                ],
                [
                    {"kind": "signed"},
                    {"kind": "typed", "text_hash": "A0" * 32},
                    {"kind": "verbal", "text_hash": "a0" * 32},
                ],
            ),
            "release_signed_by_is_known": (
                Release,
                [{"signed_by": "client"}, {"signed_by": "guardian"}],
                [{"signed_by": ""}, {"signed_by": "friend"}],
            ),
            "release_guardian_signs": (
                Release,
                [
                    {"signed_by": "guardian", "guardian_name": "Ann Smith"},
                    {"signed_by": "guardian"},
                ],
                [{"signed_by": "client", "guardian_name": "Ann Smith"}],
            ),
            "release_revoked_by_somebody": (
                Release,
                [{"revoked_at": NOW, "revoked_by": "somebody", "revoked_reason": "client"}],
                [
                    {"revoked_at": NOW},
                    {"revoked_by": "somebody"},
                    {"revoked_reason": "client"},
                    {"revoked_at": NOW, "revoked_by": "somebody", "revoked_reason": "x"},
                ],
            ),
            "alert_ends_after_begin": (
                Alert,
                [
                    {"begins_on": date(2026, 1, 2), "ends_on": date(2026, 1, 2)},
                    {"ends_on": None},
                ],
                [{"begins_on": date(2026, 1, 2), "ends_on": date(2026, 1, 1)}],
            ),
            "alias_has_a_name": (
                ClientAlias,
                [{"first_name": ""}, {"last_name": ""}],
                [{"first_name": "", "last_name": ""}],
            ),
            "client_has_a_name": (
                Client,
                [
                    {"first_name": ""},
                    {"last_name": ""},
                    {"first_name": "", "last_name": "", "name_data_quality": 8},
                    {"first_name": "", "last_name": "", "name_data_quality": 9},
                    {"first_name": "", "last_name": "", "name_data_quality": 99},
                ],
                [
                    {"first_name": "", "last_name": "", "name_data_quality": 1},
                    {"first_name": "", "last_name": "", "name_data_quality": 2},
                ],
            ),
            "client_name_quality_fits": (
                Client,
                [{"name_data_quality": code} for code in (1, 2, 8, 9, 99)],
                [{"name_data_quality": code} for code in (0, 3, 7)],
            ),
            "client_ssn_quality_fits": (
                Client,
                [
                    *({"ssn": "", "ssn_data_quality": code} for code in (8, 9, 99)),
                    *({"ssn": "123121234", "ssn_data_quality": code} for code in (1, 2)),
                ],
                [
                    *({"ssn": "", "ssn_data_quality": code} for code in (1, 2, 0)),
                    *({"ssn": "123121234", "ssn_data_quality": code} for code in (8, 9, 99)),
                ],
            ),
            "client_dob_quality_fits": (
                Client,
                [
                    *({"dob": None, "dob_data_quality": code} for code in (8, 9, 99)),
                    *({"dob": date(1980, 1, 1), "dob_data_quality": code} for code in (1, 2)),
                ],
                [
                    *({"dob": None, "dob_data_quality": code} for code in (1, 2, 0)),
                    *({"dob": date(1980, 1, 1), "dob_data_quality": code} for code in (8, 9, 99)),
                ],
            ),
            "client_sex_is_known": (
                Client,
                [{"sex": code} for code in (0, 1, 8, 9, 99)],
                [{"sex": code} for code in (2, 3, 7)],
            ),
            "client_race_or_reason": (
                Client,
                [{"race_none": 9}, {"white": True, "asian": True}],
                [{"race_none": 9, "white": True}, {"race_none": 7}],
            ),
            "client_served_before_separated": (
                Client,
                [
                    {"year_entered_service": 1999, "year_separated": 1999},
                    {"year_entered_service": 1999},
                    {"year_separated": 1990},
                ],
                [{"year_entered_service": 1999, "year_separated": 1998}],
            ),
            "client_erased_is_deleted": (
                Client,
                [{"erased_at": None}, ERASED | DELETED],
                [ERASED],
            ),
            "client_erased_has_no_identity": (
                Client,
                [ERASED | DELETED],
                [ERASED | DELETED | {name: "x"} for name in ("last_name", "phone", "photo_token")],
            ),
            "client_not_merged_into_itself": (
                Client,
                [{"merged_into": None}],
                [{"merged_into": "self"}],
            ),
            "duplicate_report_of_two_clients": (
                DuplicateReport,
                [{"comment": "x"}],
                [{"client_2": "client_1"}],
            ),
            "duplicate_report_resolution_is_known": (
                DuplicateReport,
                [
                    {"resolution": kind, "resolved_by": "somebody", "resolved_at": NOW}
                    for kind in ("merged", "different")
                ],
                [{"resolution": "perhaps", "resolved_by": "somebody", "resolved_at": NOW}],
            ),
            "duplicate_report_resolved_by_somebody": (
                DuplicateReport,
                [{"resolution": ""}],
                [
                    {"resolution": "merged"},
                    {"resolution": "merged", "resolved_at": NOW},
                    {"resolution": "", "resolved_by": "somebody"},
                    {"resolution": "", "resolved_at": NOW},
                ],
            ),
            "merge_of_two_clients": (
                ClientMerge,
                [{"survivor": "earlier"}],
                [{"merged": "survivor"}],
            ),
            "merge_undone_by_somebody": (
                ClientMerge,
                [{"undone_at": NOW, "undone_by": "somebody"}, {"undone_at": None}],
                [{"undone_at": NOW}, {"undone_by": "somebody"}],
            ),
            "possible_duplicate_in_order": (
                PossibleDuplicate,
                [{"client_1": "earlier"}],
                [{"client_2": "client_1"}, {"client_2": "earlier"}],
            ),
            "possible_duplicate_score_fits": (
                PossibleDuplicate,
                [{"score": 0}, {"score": 1}],
                [{"score": -0.01}, {"score": 1.01}],
            ),
            "possible_duplicate_decision_is_known": (
                PossibleDuplicate,
                [
                    {"decision": "different", "decided_by": "somebody", "decided_at": NOW},
                    {"decision": "same", "decided_by": "somebody", "decided_at": NOW},
                ],
                [{"decision": "perhaps", "decided_by": "somebody", "decided_at": NOW}],
            ),
            "possible_duplicate_decided_by_somebody": (
                PossibleDuplicate,
                [{"decision": "open"}],
                [
                    {"decision": "same"},
                    {"decision": "same", "decided_at": NOW},
                    {"decision": "open", "decided_by": "somebody"},
                    {"decision": "open", "decided_at": NOW},
                ],
            ),
            "duplicate_search_ends_after_start": (
                DuplicateSearch,
                [{"started_at": NOW, "finished_at": NOW}],
                [{"started_at": NOW, "finished_at": NOW - timedelta(seconds=1)}],
            ),
            "interested_other_has_a_type": (
                InterestedOther,
                [{"type_description": "Aunt"}],
                [{"type_description": ""}],
            ),
        }
    )
)
