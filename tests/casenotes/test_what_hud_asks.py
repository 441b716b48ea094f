"""What HUD asks of some services only: sub types, other, financial assistance, referral outcome."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casenotes.models import Service
from hud.columns import csv_file
from hud.rules.services import COLUMNS, LISTS, columns_asked, types_provided
from tests.casenotes.factories import ServiceFactory, ServiceTypeFactory
from tests.pages import errors, filled, opened, send

RENT = (152, 1)
BENEFITS = (144, 3)
REFERRAL = (161, 7)
# What the CSV specifications say of each column: "null unless".
ASKED = {
    (144, 3): ["sub_type_provided"],
    (144, 4): ["sub_type_provided"],
    (144, 5): ["sub_type_provided"],
    (144, 6): ["other_type_provided"],
    (210, 12): ["other_type_provided"],
    (300, 5): ["moving_on_other_type"],
    **{(151, code): ["fa_amount"] for code in (1, 2, 3, 4, 7)},
    **{(152, code): ["fa_amount", "fa_start_date", "fa_end_date"] for code in (1, 5, 18)},
    **{(161, code): ["referral_outcome"] for code in (1, 7, 11)},
}


@pytest.fixture
def offer(harbor):
    def offer(codes, **values):
        return ServiceTypeFactory(
            organization=harbor, record_type=codes[0], type_provided=codes[1], **values
        )

    return offer


def add_url(enrollment):
    return reverse("casenotes:add_service", args=[enrollment.client_id])


def edit_url(service):
    return reverse("casenotes:edit_service", args=[service.client_id, service.pk])


def test_columns_are_those_of_the_file():
    file = csv_file("Services")
    fields = [column.field for column in file]
    assert set(COLUMNS) <= set(fields)
    lengths = {column.field: column.max_length for column in file if column.max_length}
    for name in ("other_type_provided", "moving_on_other_type"):
        assert Service._meta.get_field(name).max_length == lengths[name]


@pytest.mark.parametrize(("codes", "columns"), ASKED.items(), ids=str)
def test_asked_as_the_specifications_say(codes, columns):
    assert list(columns_asked(*codes)) == columns


def test_of_the_other_services_nothing_is_asked():
    for record_type in LISTS:
        for code, _ in types_provided(record_type).choices:
            whole = record_type in (151, 152, 161)
            if not whole and (record_type, code) not in ASKED:
                assert columns_asked(record_type, code) == (), (record_type, code)
    assert columns_asked(None, None) == ()


def test_form_asks_nothing_where_no_service_needs_it(portal, enrollment, bus_pass, alice):
    form = opened(portal(alice).get(add_url(enrollment)))
    assert list(form.questions) == []
    assert not set(COLUMNS) & set(form.fields)


def test_form_asks_what_its_services_need_each_where_it_applies(
    portal, enrollment, bus_pass, offer, alice
):
    rent, benefits = offer(RENT), offer(BENEFITS)
    form = opened(portal(alice).get(add_url(enrollment)))
    asked = {field.name: json.loads(when) for field, when in form.questions}
    assert asked == {
        "sub_type_provided_144_3": [{"service_type": [str(benefits.pk)]}],
        **{
            name: [{"service_type": [str(rent.pk)]}]
            for name in ("fa_amount", "fa_start_date", "fa_end_date")
        },
    }


def test_financial_assistance_is_saved(portal, enrollment, offer, alice):
    answer = send(
        portal(alice),
        add_url(enrollment),
        service_type=offer(RENT).pk,
        fa_amount="$1,250.50",
        fa_start_date="02/01/2026",
        fa_end_date="02/28/2026",
    )
    assert answer.status_code == 302
    service = Service.objects.get()
    assert (service.fa_amount, service.units) == (Decimal("1250.50"), 1)
    assert (service.fa_start_date, service.fa_end_date) == (date(2026, 2, 1), date(2026, 2, 28))
    assert service.details == "$1,250.50 · 02/01/2026 to 02/28/2026"


def test_nothing_that_is_asked_has_to_be_answered(portal, enrollment, offer, alice):
    for codes in (RENT, BENEFITS, REFERRAL, (144, 6), (300, 5)):
        one = offer(codes)
        assert send(portal(alice), add_url(enrollment), service_type=one.pk).status_code == 302
    assert Service.objects.count() == 5


def test_amount_of_a_service_in_dollars_is_its_units(portal, enrollment, offer, alice):
    rent, url = offer(RENT, unit="dollars"), add_url(enrollment)
    form = opened(portal(alice).get(url))
    assert "fa_amount" not in form.fields
    assert {"fa_start_date", "fa_end_date"} <= set(form.fields)
    assert send(portal(alice), url, service_type=rent.pk, units="120.50").status_code == 302
    service = Service.objects.get()
    assert (service.units, service.fa_amount) == (Decimal("120.50"), Decimal("120.50"))
    assert (service.amount, service.details) == ("$120.50", "")
    send(portal(alice), edit_url(service), units="80")
    service.refresh_from_db()
    assert (service.units, service.fa_amount) == (80, 80)


def test_sub_type_belongs_to_its_service(portal, enrollment, offer, alice):
    benefits, other_benefits = offer(BENEFITS), offer((144, 4))
    url = add_url(enrollment)
    typed = {"service_type": benefits.pk, "sub_type_provided_144_4": "13"}
    answer = send(portal(alice), url, **typed)
    assert errors(answer) == {
        "sub_type_provided_144_4": [f"Leave this empty: it is not asked of {benefits}."]
    }
    send(portal(alice), url, service_type=other_benefits.pk, sub_type_provided_144_4="13")
    service = Service.objects.get()
    assert service.sub_type_provided == 13
    assert service.details == "Housing counseling"
    form = opened(portal(alice).get(edit_url(service)))
    assert form["sub_type_provided_144_4"].value() == 13
    assert form["sub_type_provided_144_3"].value() is None


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"fa_amount": "-1"}, "fa_amount"),
        ({"fa_amount": "much"}, "fa_amount"),
        ({"fa_amount": "1.005"}, "fa_amount"),
        ({"fa_amount": "NaN"}, "fa_amount"),
        ({"fa_start_date": "02/30/2026"}, "fa_start_date"),
        ({"fa_start_date": "02/02/2026", "fa_end_date": "02/01/2026"}, "fa_end_date"),
        ({"sub_type_provided_144_3": "13"}, "sub_type_provided_144_3"),
        ({"referral_outcome": "4"}, "referral_outcome"),
        ({"other_type_provided": "x" * 51}, "other_type_provided"),
        ({"other_type_provided": "a\u202eb"}, "other_type_provided"),
    ],
)
def test_odd_answers_are_refused(portal, enrollment, offer, alice, typed, wrong):
    offer(BENEFITS), offer(REFERRAL), offer((144, 6))
    answer = send(portal(alice), add_url(enrollment), service_type=offer(RENT).pk, **typed)
    assert wrong in errors(answer)
    assert not Service.objects.exists()


def test_another_service_has_no_answers_of_the_first(portal, enrollment, offer, alice):
    """Script leaves out what the new service is not asked; without it the form says so."""
    rent, referral = offer(RENT), offer(REFERRAL)
    service = ServiceFactory(
        enrollment=enrollment,
        service_type=rent,
        created_by=alice,
        fa_amount=50,
        fa_start_date=date(2026, 2, 1),
    )
    browser, url = portal(alice), edit_url(service)
    answer = send(browser, url, service_type=referral.pk)
    assert set(errors(answer)) == {"fa_amount", "fa_start_date"}
    gone = dict.fromkeys(("fa_amount", "fa_start_date", "fa_end_date"))
    assert send(browser, url, service_type=referral.pk, referral_outcome="1", **gone)
    service.refresh_from_db()
    assert (service.fa_amount, service.fa_start_date, service.referral_outcome) == (None, None, 1)
    assert service.details == "Attained"


def test_answer_that_is_not_asked_of_a_service_is_shown_until_it_is_taken_out(
    portal, enrollment, bus_pass, alice
):
    """Files of other systems have such rows."""
    service = ServiceFactory(
        enrollment=enrollment,
        service_type=bus_pass,
        created_by=alice,
        other_type_provided="Taxi",
        sub_type_provided=3,
    )
    browser = portal(alice)
    list_url = reverse("casenotes:services", args=[enrollment.client_id])
    assert "3 · Taxi" in browser.get(list_url).content.decode()
    assert set(errors(send(browser, edit_url(service)))) == {"other_type_provided"}
    send(browser, edit_url(service), other_type_provided="")
    service.refresh_from_db()
    assert (service.other_type_provided, service.sub_type_provided) == ("", None)


def test_members_of_the_household_receive_the_same(portal, enrollment, child, offer, alice):
    send(
        portal(alice),
        add_url(enrollment),
        service_type=offer(BENEFITS).pk,
        sub_type_provided_144_3="2",
        members=[child.pk],
    )
    rows = Service.objects.order_by("pk")
    assert [(row.client_id, row.sub_type_provided) for row in rows] == [
        (enrollment.client_id, 2),
        (child.client_id, 2),
    ]


def test_two_users_change_the_answers_at_once(portal, enrollment, offer, alice, bob):
    service = ServiceFactory(enrollment=enrollment, service_type=offer(REFERRAL), created_by=alice)
    url = edit_url(service)
    first, second = portal(alice), portal(bob)
    typed = filled(opened(second.get(url)), referral_outcome="2")
    send(first, url, referral_outcome="1")
    answer = second.post(url, typed)
    assert [change.label for change in opened(answer).changes] == ["Referral Outcome"]
    service.refresh_from_db()
    assert service.referral_outcome == 1


def test_services_of_a_note_ask_the_same(portal, enrollment, offer, alice):
    rent = offer(RENT)
    browser, url = portal(alice), reverse("casenotes:add", args=[enrollment.client_id])
    page = browser.get(url)
    rows = page.context["rows"]
    data = filled(opened(page), title="Rent", text="Paid")
    data |= filled(rows.management_form)
    row = rows.forms[0]
    data |= filled(row) | {row.add_prefix("service_type"): rent.pk}
    data |= {row.add_prefix("fa_amount"): "80", row.add_prefix("fa_start_date"): "02/01/2026"}
    assert browser.post(url, data).status_code == 302
    service = Service.objects.get()
    assert (service.fa_amount, service.fa_start_date) == (80, date(2026, 2, 1))
    note_page = browser.get(service.note.get_absolute_url()).content.decode()
    assert "$80.00 · 02/01/2026 to …" in note_page


# constraint: (what it accepts, what it refuses)
CASES = {
    "service_sub_type_is_known": (
        [{"sub_type_provided": 1}, {"sub_type_provided": 13}],
        [{"sub_type_provided": 0}, {"sub_type_provided": 14}],
    ),
    "service_amount_not_negative": ([{"fa_amount": 0}], [{"fa_amount": Decimal("-0.01")}]),
    "service_assistance_ends_after_start": (
        [
            {"fa_start_date": date(2026, 2, 1), "fa_end_date": date(2026, 2, 1)},
            {"fa_end_date": date(2026, 2, 1)},
        ],
        [{"fa_start_date": date(2026, 2, 2), "fa_end_date": date(2026, 2, 1)}],
    ),
    "service_referral_outcome_is_known": (
        [{"referral_outcome": 1}, {"referral_outcome": 3}],
        [{"referral_outcome": 0}, {"referral_outcome": 99}],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_database_refuses_what_no_file_may_have(enrollment, name):
    accepted, refused = CASES[name]
    for values in accepted:
        ServiceFactory(enrollment=enrollment, **values)
    for values in refused:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ServiceFactory(enrollment=enrollment, **values)


def test_sub_type_that_is_not_of_the_service_is_shown_as_a_code(enrollment, harbor):
    """Files of other systems have such rows."""
    benefits = ServiceTypeFactory(organization=harbor, record_type=144, type_provided=3)
    service = ServiceFactory(enrollment=enrollment, service_type=benefits, sub_type_provided=13)
    assert service.details == "13"
