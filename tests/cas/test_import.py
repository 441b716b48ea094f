"""manage.py import_cas_events: HUD's Event.csv as real files are."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.models import Membership
from cas.models import Event, Notification
from clients.models import Client
from hud.columns import csv_file
from tests.cas.conftest import TODAY
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, UserFactory

HEADER = csv_file("Event").header
SAMPLE = Path(__file__).parents[1] / "data" / "hmis_csv_fy2026_sample" / "Event.csv"


@pytest.fixture
def run(tmp_path, capsys, caplog, cass):
    """A function that imports content and gives exit code, printed lines and the log."""

    def import_(content, name="Event.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        caplog.clear()
        caplog.set_level("INFO", logger="cas.management.commands.import_cas_events")
        try:
            call_command("import_cas_events", str(path), **options)
            code = 0
        except CommandError as error:
            code = error.returncode
        return code, capsys.readouterr().out.splitlines(), caplog.messages

    return import_


@pytest.fixture
def row(enrollment, john):
    """A function that gives a row of John's, as cells by column."""

    def cells(**changed):
        fine = {
            "EventID": "E1",
            "EnrollmentID": enrollment.enrollment_id,
            "PersonalID": john.personal_id,
            "EventDate": "2026-02-20",
            "Event": "10",
            "DateCreated": "2026-02-20 10:00:00",
            "DateUpdated": "2026-02-20 10:00:00",
            "UserID": "7",
            "ExportID": "1",
        }
        return fine | changed

    return cells


def table(*rows, header=HEADER, ending="\r\n"):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=ending)
    writer.writerow(header)
    writer.writerows([[one.get(name, "") for name in header] for one in rows])
    return out.getvalue()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return out.getvalue()


# what is taken


def test_row_becomes_an_event_of_its_enrollment(run, row, enrollment, john, cass):
    full = row(
        ReferralResult="1", ResultDate="2026-02-25", LocationCrisisOrPHHousing="Ropewalk Lane"
    )
    code, lines, log = run(table(full))
    assert (code, lines) == (0, [])
    event = Event.objects.get()
    assert (event.event_id, event.client, event.enrollment) == ("E1", john, enrollment)
    assert (event.kind, event.event, event.referral_result) == ("hud", 10, 1)
    assert (f"{event.event_date}", f"{event.result_date}") == ("2026-02-20", "2026-02-25")
    assert event.location_crisis_or_ph_housing == "Ropewalk Lane"
    assert (event.created_by, event.organization) == (cass, cass.organizations[0])
    assert len(log) == 1
    assert log[0].startswith("import_cas_events: 1 rows, 1 new, 0 changed")


def test_history_names_in_whose_name_it_was_imported(run, row, cass):
    run(table(row()))
    event = Event.pgh_event_models["insert"].objects.get()
    assert event.pgh_context["user"] == cass.pk


def test_same_file_again_changes_nothing(run, row):
    run(table(row()))
    before = Event.objects.get().date_updated
    _, _, log = run(table(row()))
    assert "0 new, 0 changed, 1 unchanged" in log[0]
    assert Event.objects.get().date_updated == before


def test_changed_row_changes_its_event(run, row):
    run(table(row()))
    _, _, log = run(table(row(ReferralResult="3", ResultDate="2026-02-28")))
    assert "0 new, 1 changed" in log[0]
    assert Event.objects.get().referral_result == 3


def test_same_event_twice_in_one_file_is_one_event(run, row):
    code, _, _ = run(table(row(), row(Event="14")))
    assert code == 0
    assert Event.objects.get().event == 14


def test_case_managers_are_notified_once(run, row, enrollment, alice):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    for _ in range(2):
        run(table(row()))
    assert Notification.objects.get().recipient == alice


def test_events_of_long_ago_are_not_recent(run, row, enrollment, alice):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    for day in (TODAY - timedelta(days=15), TODAY - timedelta(days=14)):
        run(table(row(EventID=f"E{day}", EventDate=f"{day}")))
    assert Event.objects.count() == 2
    assert Notification.objects.count() == 1


def test_who_imports_is_not_notified(run, row, enrollment, cass):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=cass)
    run(table(row()))
    assert not Notification.objects.exists()


def test_merged_away_person_is_the_one_that_remains(run, row, john, harbor, alice):
    gone = ClientFactory(organization=harbor, created_by=alice, merged_into=john)
    code, _, _ = run(table(row(PersonalID=gone.personal_id)))
    assert code == 0
    assert Event.objects.get().client == john


def test_event_of_a_restricted_enrollment_is_restricted(run, row, enrollment):
    enrollment.visibility = "own"
    enrollment.save()
    run(table(row()))
    assert Event.objects.get().visibility == "own"


# as real files are


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("EventID", "eventid").replace("PersonalID", "PERSONALID"),
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\r\n", "\r"),
        lambda text: text + "\r\n\r\n",
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("EventID", ' EventID "'.replace('"', "")),
    ],
    ids=["BOM", "letter case", "line feeds", "carriage returns", "blank lines", "UTF-16", "spaces"],
)
def test_file_is_tolerated(run, row, change):
    code, lines, _ = run(change(table(row())))
    assert (code, lines) == (0, [])
    assert Event.objects.count() == 1


def test_columns_are_found_by_name_in_any_order_among_others(run, row):
    header = ["Remarks", *reversed(HEADER)]
    code, _, _ = run(table(row(Remarks="x"), header=header))
    assert code == 0
    assert Event.objects.get().event_id == "E1"


def test_optional_columns_may_be_missing_and_leave_what_is_on_file(run, row):
    run(table(row(ReferralResult="1", ResultDate="2026-02-25")))
    needed = ["EventID", "EnrollmentID", "PersonalID", "EventDate", "Event"]
    code, _, _ = run(table(row(EventDate="2026-02-21"), header=needed))
    event = Event.objects.get()
    assert code == 0
    assert (f"{event.event_date}", event.referral_result) == ("2026-02-21", 1)


def test_letters_of_an_old_encoding_are_read(run, row):
    text = table(row(LocationCrisisOrPHHousing="Casa José"))
    run(text.encode("cp1252"))
    assert Event.objects.get().location_crisis_or_ph_housing == "Casa José"


@pytest.mark.parametrize(
    "day",
    ["2026-02-20", "02/20/2026", "2/20/2026", "2026-02-20 00:00:00", "2/20/2026 12:00:00 AM",
     "20260220", "2026-02-20T09:30:00", "20-Feb-2026"],
)  # fmt: skip
def test_dates_are_read_as_real_files_write_them(run, row, day):
    assert run(table(row(EventDate=day)))[0] == 0
    assert f"{Event.objects.get().event_date}" == "2026-02-20"


@pytest.mark.parametrize("place", ["Event_csv", "export__Event_csv", "EVENT_csv"])
def test_zip_is_read(run, row, place):
    code, _, _ = run(zipped(**{place: table(row()), "Client_csv": "x"}), name="export.zip")
    assert code == 0
    assert Event.objects.count() == 1


# what is reported


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"EventID": ""}, "EventID"),
        ({"EventID": "x" * 33}, "EventID"),
        ({"EventID": "a\x00b"}, "EventID"),
        ({"EnrollmentID": "unknown"}, "EnrollmentID"),
        ({"EnrollmentID": ""}, "EnrollmentID"),
        ({"PersonalID": "unknown"}, "PersonalID"),
        ({"EventDate": ""}, "EventDate"),
        ({"EventDate": "someday"}, "EventDate"),
        ({"EventDate": "2026-02-30"}, "EventDate"),
        ({"EventDate": "0026-02-20"}, "EventDate"),
        ({"EventDate": "2026-03-03"}, "EventDate"),
        ({"Event": "19"}, "Event"),
        ({"Event": ""}, "Event"),
        ({"Event": "ten"}, "Event"),
        ({"Event": "10²"}, "Event"),
    ],
)
def test_row_that_cannot_be_taken_is_reported_and_the_others_are_taken(run, row, cells, column):
    code, lines, log = run(table(row(**cells), row(EventID="E2")))
    assert code == 1
    assert [line.split(":")[0] for line in lines] == [f"Event.csv, row 2, {column}"]
    assert Event.objects.get().event_id == "E2"
    assert "1 refused" in log[0]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"ReferralResult": "4"}, "ReferralResult"),
        ({"Event": "2", "ReferralResult": "1"}, "ReferralResult"),
        ({"ReferralResult": "1", "ResultDate": "2026-02-19"}, "ResultDate"),
        ({"ReferralResult": "1", "ResultDate": "soon"}, "ResultDate"),
        ({"ResultDate": "2026-02-21"}, "ResultDate"),
        ({"ProbSolDivRRResult": "1"}, "ProbSolDivRRResult"),
        ({"Event": "5", "ReferralCaseManageAfter": "7"}, "ReferralCaseManageAfter"),
        ({"Event": "4", "LocationCrisisOrPHHousing": "A"}, "LocationCrisisOrPHHousing"),
        ({"LocationCrisisOrPHHousing": "A" * 251}, "LocationCrisisOrPHHousing"),
        ({"LocationCrisisOrPHHousing": "A\u202eB"}, "LocationCrisisOrPHHousing"),
    ],
)
def test_cell_that_cannot_be_taken_is_left_out_and_reported(run, row, cells, column):
    code, lines, log = run(table(row(**cells)))
    assert code == 1
    assert [line.split(":")[0] for line in lines] == [f"Event.csv, row 2, {column}"]
    assert Event.objects.count() == 1
    assert "1 cells left out" in log[0]


def test_results_of_any_referral_are_taken_as_real_files_have_them(run, row):
    rows = [row(EventID=f"E{code}", Event=code, ReferralResult="1") for code in (1, 4, 13)]
    assert run(table(*rows))[0] == 0
    assert set(Event.objects.values_list("referral_result", flat=True)) == {1}


def test_enrollment_of_another_person_is_reported(run, row, harbor, alice):
    other = ClientFactory(organization=harbor, created_by=alice)
    code, lines, _ = run(table(row(PersonalID=other.personal_id)))
    assert code == 1
    assert lines == ["Event.csv, row 2, PersonalID: The enrollment is another person's."]


def test_event_id_of_another_person_is_reported(run, row, harbor, alice):
    run(table(row()))
    other = EnrollmentFactory(created_by=alice, organization=harbor)
    theirs = row(EnrollmentID=other.enrollment_id, PersonalID=other.client.personal_id)
    for cells in (theirs, theirs | {"DateDeleted": "2026-02-21"}):
        code, lines, _ = run(table(cells))
        assert (code, len(lines)) == (1, 1)
    assert Event.objects.get().client_id != other.client_id


def test_row_that_contradicts_what_the_file_does_not_tell_is_reported(run, row):
    run(table(row(LocationCrisisOrPHHousing="A")))
    needed = ["EventID", "EnrollmentID", "PersonalID", "EventDate", "Event"]
    code, lines, _ = run(table(row(Event="4"), header=needed))
    assert code == 1
    assert lines[0].startswith("Event.csv, row 2, Event: Only a referral to an opening")


def test_what_is_printed_and_logged_holds_nothing_of_the_file(run, row):
    secret = "Jane-Doe-219099871"
    cells = dict.fromkeys(HEADER, secret)
    _, lines, log = run(table(cells, row(LocationCrisisOrPHHousing="\x07" + secret)))
    assert lines
    assert secret not in "".join([*lines, *log])


def test_cells_beyond_the_last_column_are_reported(run, row):
    code, lines, _ = run(table(row()).rstrip() + ",surplus\r\n")
    assert code == 1
    assert "beyond the last" in lines[0]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "Event.csv"),
        (b"\x00\x01\x02", "Event.csv"),
        ("Name,SSN\r\nx,y\r\n", "Event.csv"),
        ("EventID,EventID,EnrollmentID,PersonalID,EventDate,Event\r\n", "Event.csv"),
        (zipped(Client_csv="x"), "export.zip"),
        (zipped(Event_csv="x", a__Event_csv="y"), "export.zip"),
        (b"PK\x03\x04broken", "export.zip"),
        (b"PK\x05\x06" + bytes(18), "export.zip"),
    ],
)
def test_file_that_is_no_event_csv_is_refused_with_2(run, content, name, db):
    code, lines, log = run(content, name=name)
    assert (code, lines, log) == (2, [], [])
    assert not Event.objects.exists()


def test_file_that_is_not_there_is_refused_with_2(cass, tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(CommandError) as refused:
            call_command("import_cas_events", str(path))
        assert refused.value.returncode == 2


# deleting, and what was done here


def test_event_deleted_there_is_deleted_here_and_the_client_stays(run, row, john):
    run(table(row()))
    _, _, log = run(table(row(DateDeleted="2026-02-28 10:00:00")))
    assert "1 deleted" in log[0]
    assert not Event.objects.exists()
    assert Client.objects.get(pk=john.pk).date_deleted is None
    run(table(row()))
    assert Event.objects.count() == 1


def test_deleted_event_that_was_never_here_is_passed_over(run, row):
    assert run(table(row(DateDeleted="2026-02-28")))[0] == 0
    assert not Event.with_deleted.exists()


def test_event_deleted_here_does_not_come_back(run, row, alice):
    run(table(row()))
    Event.objects.get().mark_deleted(by=alice)
    _, _, log = run(table(row(ReferralResult="1")))
    assert "1 kept" in log[0]
    assert not Event.objects.exists()


def test_event_changed_here_is_kept_until_the_other_side_changes_it(run, row, alice):
    run(table(row()))
    event = Event.objects.get()
    event.referral_result, event.no_show = 2, True
    event.stamp(by=alice)
    event.save()
    for cells in (row(), row(DateDeleted="2026-02-21"), row(DateUpdated="")):
        _, _, log = run(table(cells))
        assert "1 kept" in log[0]
    later = f"{timezone.localtime() + timedelta(minutes=5):%Y-%m-%d %H:%M:%S}"
    run(table(row(DateUpdated=later, ReferralResult="2")))
    event.refresh_from_db()
    assert (event.referral_result, event.no_show) == (2, True)
    run(table(row(DateUpdated=later, ReferralResult="1")))
    event.refresh_from_db()
    assert (event.referral_result, event.no_show) == (1, False)


# in whose name


def test_events_are_filed_in_the_name_that_is_given(run, row, cas_organization):
    robot = UserFactory(email="import@coc.example", at=[cas_organization])
    run(table(row()), by="Import@coc.example")
    assert Event.objects.get().created_by == robot


@pytest.mark.parametrize("by", ["nobody@coc.example", "alice@harbor.example", "gone@coc.example"])
def test_name_without_access_to_coordinated_access_is_refused(run, row, cas_organization, by):
    MembershipFactory(
        user=UserFactory(email="gone@coc.example", is_active=False), organization=cas_organization
    )
    assert run(table(row()), by=by)[0] == 2
    assert not Event.objects.exists()


def test_without_a_cas_administrator_a_name_must_be_given(run, row):
    Membership.objects.filter(organization__is_cas=True).delete()
    assert run(table(row()))[0] == 2


# at size


def test_cost_of_rows_on_file_does_not_grow_with_them(run, row, django_assert_max_num_queries):
    rows = [row(EventID=f"E{number}") for number in range(60)]
    run(table(*rows))
    with django_assert_max_num_queries(60 * 5 + 6):  # a savepoint, its end, the checks at the end
        run(table(*rows))


def test_real_sample_is_taken(run, harbor, alice):
    with SAMPLE.open(newline="") as file:
        sample = list(csv.DictReader(file))
    people = {}
    for cells in sample:
        person = people.get(cells["PersonalID"]) or ClientFactory(
            organization=harbor, created_by=alice, personal_id=cells["PersonalID"]
        )
        people[cells["PersonalID"]] = person
        if not person.enrollments.filter(enrollment_id=cells["EnrollmentID"]).exists():
            EnrollmentFactory(
                client=person, enrollment_id=cells["EnrollmentID"], entry_date="2021-01-01"
            )
    code, lines, log = run(SAMPLE.read_bytes())
    assert (code, lines) == (0, [])
    assert f"{len(sample)} rows, {len(sample)} new" in log[0]
    for cells in sample:
        event = Event.objects.get(event_id=cells["EventID"])
        assert str(event.event) == cells["Event"]
        assert str(event.referral_result or "") == cells["ReferralResult"]
        assert f"{event.result_date or ''}" == cells["ResultDate"]
    _, _, log = run(SAMPLE.read_bytes())
    assert f"{len(sample)} unchanged" in log[0]


def test_event_before_the_start_of_its_enrollment_is_refused_as_the_form_does(run, row, enrollment):
    first = enrollment.entry_date
    rows = [
        row(EventID="E1", EventDate=f"{first - timedelta(days=1)}"),
        row(EventID="E2", EventDate=f"{first - timedelta(days=900)}"),
        row(EventID="E3", EventDate=f"{first}"),
    ]
    code, lines, _ = run(table(*rows))
    assert code == 1
    assert sum("before the start of the enrollment" in line for line in lines) == 2
    assert [event.event_id for event in Event.objects.all()] == ["E3"]


def test_result_in_the_future_is_left_out(run, row):
    future = f"{TODAY + timedelta(days=1)}"
    _, lines, _ = run(table(row(ReferralResult="1", ResultDate=future)))
    assert "This day is in the future." in lines[0]
    assert Event.objects.get().result_date is None
