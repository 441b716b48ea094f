"""Where people lived, live and go (3.917, 4.12, 3.12); each code tells its category."""

from hud.choices.situations import Situation


class PriorLivingSituation(Situation):
    """3.917: where the client lived before the project."""

    PLACE_NOT_FOR_HABITATION = (
        116,
        "Place not meant for habitation (e.g., a vehicle, an abandoned "
        "building, bus/train/subway station/airport or anywhere outside)",
    )
    EMERGENCY_SHELTER = (
        101,
        "Emergency shelter, including hotel or motel paid for with emergency "
        "shelter voucher, or Host Home shelter",
    )
    SAFE_HAVEN = 118, "Safe Haven"
    FOSTER_CARE = 215, "Foster care home or foster care group home"
    HOSPITAL = 206, "Hospital or other residential non-psychiatric medical facility"
    JAIL = 207, "Jail, prison or juvenile detention facility"
    NURSING_HOME = 225, "Long-term care facility or nursing home"
    PSYCHIATRIC_HOSPITAL = 204, "Psychiatric hospital or other psychiatric facility"
    DETOX = 205, "Substance abuse treatment facility or detox center"
    TRANSITIONAL_HOUSING = (
        302,
        "Transitional housing for homeless persons (including homeless youth)",
    )
    HALFWAY_HOUSE = 329, "Residential project or halfway house with no homeless criteria"
    HOTEL = 314, "Hotel or motel paid for without emergency shelter voucher"
    HOST_HOME = 332, "Host Home (non-crisis)"
    FRIENDS = 336, "Staying or living in a friend's room, apartment or house"
    FAMILY = 335, "Staying or living in a family member’s room, apartment, or house"  # noqa: RUF001
    RENTAL = 410, "Rental by client, no ongoing housing subsidy"
    RENTAL_WITH_SUBSIDY = 435, "Rental by client, with ongoing housing subsidy"
    OWNED_WITH_SUBSIDY = 421, "Owned by client, with ongoing housing subsidy"
    OWNED = 411, "Owned by client, no ongoing housing subsidy"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class CurrentLivingSituation(Situation):
    """4.12: where the client lives at a contact."""

    PLACE_NOT_FOR_HABITATION = (
        116,
        "Place not meant for habitation (e.g., a vehicle, an abandoned "
        "building, bus/train/subway station/airport or anywhere outside)",
    )
    EMERGENCY_SHELTER = (
        101,
        "Emergency shelter, including hotel or motel paid for with emergency "
        "shelter voucher, or Host Home shelter",
    )
    SAFE_HAVEN = 118, "Safe Haven"
    FOSTER_CARE = 215, "Foster care home or foster care group home"
    HOSPITAL = 206, "Hospital or other residential non-psychiatric medical facility"
    JAIL = 207, "Jail, prison or juvenile detention facility"
    NURSING_HOME = 225, "Long-term care facility or nursing home"
    PSYCHIATRIC_HOSPITAL = 204, "Psychiatric hospital or other psychiatric facility"
    DETOX = 205, "Substance abuse treatment facility or detox center"
    TRANSITIONAL_HOUSING = (
        302,
        "Transitional housing for homeless persons (including homeless youth)",
    )
    HALFWAY_HOUSE = 329, "Residential project or halfway house with no homeless criteria"
    HOTEL = 314, "Hotel or motel paid for without emergency shelter voucher"
    HOST_HOME = 332, "Host Home (non-crisis)"
    FRIENDS = 336, "Staying or living in a friend's room, apartment or house"
    FAMILY = 335, "Staying or living in a family member’s room, apartment, or house"  # noqa: RUF001
    RENTAL = 410, "Rental by client, no ongoing housing subsidy"
    RENTAL_WITH_SUBSIDY = 435, "Rental by client, with ongoing housing subsidy"
    OWNED_WITH_SUBSIDY = 421, "Owned by client, with ongoing housing subsidy"
    OWNED = 411, "Owned by client, no ongoing housing subsidy"
    OTHER = 17, "Other"
    WORKER_UNABLE_TO_DETERMINE = 37, "Worker unable to determine"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class Destination(Situation):
    """3.12: where the client goes at exit."""

    PLACE_NOT_FOR_HABITATION = (
        116,
        "Place not meant for habitation (e.g., a vehicle, an abandoned "
        "building, bus/train/subway station/airport or anywhere outside)",
    )
    EMERGENCY_SHELTER = (
        101,
        "Emergency shelter, including hotel or motel paid for with emergency "
        "shelter voucher, or Host Home shelter",
    )
    SAFE_HAVEN = 118, "Safe Haven"
    FOSTER_CARE = 215, "Foster care home or foster care group home"
    HOSPITAL = 206, "Hospital or other residential non-psychiatric medical facility"
    JAIL = 207, "Jail, prison or juvenile detention facility"
    NURSING_HOME = 225, "Long-term care facility or nursing home"
    PSYCHIATRIC_HOSPITAL = 204, "Psychiatric hospital or other psychiatric facility"
    DETOX = 205, "Substance abuse treatment facility or detox center"
    TRANSITIONAL_HOUSING = (
        302,
        "Transitional housing for homeless persons (including homeless youth)",
    )
    HALFWAY_HOUSE = 329, "Residential project or halfway house with no homeless criteria"
    HOTEL = 314, "Hotel or motel paid for without emergency shelter voucher"
    HOST_HOME = 332, "Host Home (non-crisis)"
    FAMILY_TEMPORARY = (
        312,
        "Staying or living with family, temporary tenure (e.g. room, apartment or house)",
    )
    FRIENDS_TEMPORARY = (
        313,
        "Staying or living with friends, temporary tenure (e.g. room apartment or house)",
    )
    HOPWA_TH = 327, "Moved from one HOPWA funded project to HOPWA TH"
    FAMILY_PERMANENT = 422, "Staying or living with family, permanent tenure"
    FRIENDS_PERMANENT = 423, "Staying or living with friends, permanent tenure"
    HOPWA_PH = 426, "Moved from one HOPWA funded project to HOPWA PH"
    RENTAL = 410, "Rental by client, no ongoing housing subsidy"
    RENTAL_WITH_SUBSIDY = 435, "Rental by client, with ongoing housing subsidy"
    OWNED_WITH_SUBSIDY = 421, "Owned by client, with ongoing housing subsidy"
    OWNED = 411, "Owned by client, no ongoing housing subsidy"
    NO_EXIT_INTERVIEW = 30, "No exit interview completed"
    OTHER = 17, "Other"
    DECEASED = 24, "Deceased"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"
