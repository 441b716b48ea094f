"""The one order of locks, and what becomes of a transaction that is rolled back all the same."""

import ast
import inspect
import uuid
from functools import partial
from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError, connection
from django.urls import reverse

from cas.models import Event
from casenotes.models import CaseNote, NoteDraft, Service
from clients.models import Client, ClientAccess
from clients.record_pages import RecordPages
from enrollments.models import CaseAssignment, Enrollment
from records.retries import RetryMiddleware, again_if_rolled_back
from records.submissions import lock_token
from tests.at_once.actions import ACTIONS, DELETE_NOTE, FILED, TAKEN, page_of
from tests.at_once.waiting import Running, held, one_after_the_other, waiting
from tests.enrollments.factories import EnrollmentFactory
from tests.pages import filled, opened
from tests.test_floors import MODULES


@pytest.mark.usefixtures("patient_merge")
@pytest.mark.parametrize("one", [*ACTIONS, *FILED, DELETE_NOTE], ids=str)
def test_action_waits_for_the_client_and_holds_nothing_else(case, one):
    """Whoever waits for the client with another row in hand can be waited for in a circle."""
    send = one.prepare(case, 0)
    with held(case.people), connection.cursor() as cursor:
        running = Running(send)
        running.wait_for_turn()
        assert not running.is_over
        assert waiting() == 1
        for model in (Enrollment, CaseAssignment, CaseNote, Event):
            cursor.execute(
                f'SELECT id FROM "{model._meta.db_table}" WHERE client_id = ANY(%s)'
                " FOR UPDATE NOWAIT",
                [case.people],
            )
    assert running.result() == TAKEN


def decorators(view: ast.FunctionDef) -> set[str]:
    return {
        node.id
        for one in view.decorator_list
        for node in ast.walk(one)
        if isinstance(node, ast.Name)
    }


def test_view_that_changes_a_clients_records_runs_in_a_transaction():
    """Outside of one its locks would hold nothing, and its writes would not go together."""
    seen = 0
    for path in MODULES:
        functions = [
            one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.FunctionDef)
        ]
        own = {one.name: ast.unparse(one) for one in functions if one.name.startswith("_")}
        for view in functions:
            if "request" not in ast.unparse(view.args):
                continue
            text = ast.unparse(view)
            text += "".join(own[name] for name in own if f"{name}(request" in text)
            is_change = "get_client(" in text and ("CHANGE" in text or "_of_household(" in text)
            if is_change and view.decorator_list and "lock=False" not in text:
                seen += 1
                of_view = decorators(view)  # what is only asked for writes nothing
                assert of_view & {"submit_once", "require_GET"}, f"{path}: {view.name}"
    assert seen > 10
    pages = inspect.getsource(RecordPages.urls.fget)  # those of seven kinds of records
    assert pages.count("path(") == pages.count("self.view(self.") == 4
    assert "submit_once(page)" in inspect.getsource(RecordPages.view)


def test_request_that_a_deadlock_ended_is_run_again(case, caplog):
    caplog.set_level("INFO", logger="records.retries")
    browser, url = case.population.browsers[0], page_of(case, "clients:edit")
    data = filled(opened(browser.get(url)), phone="617-555-0188")
    views = ClientAccess.objects.filter(client=case.john, kind=ClientAccess.Kind.CHANGE)
    before = views.count()
    is_ended = True
    try:
        with held(case.people):
            request = Running(lambda: browser.post(url, data))
            request.wait_for_turn()
            # Now each waits for the other; PostgreSQL ends the one that has waited for longer.
            lock_token(uuid.UUID(str(data["form_token"])))
    except OperationalError:  # a second later, on a machine that stood still, it ends the other one
        is_ended = False
    answer = request.result()
    assert answer.status_code == 302
    assert len(caplog.records) == is_ended
    assert Client.objects.get(pk=case.john.pk).phone == "617-555-0188"
    assert views.count() == before + 1
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Client saved."]


def test_lower_id_that_joins_a_household_while_it_is_waited_for_refuses_nobody(case, caplog):
    """The second lock is out of order: of two who wait for one another one is run again."""
    caplog.set_level("INFO", logger="records.retries")
    assert case.twin.pk < case.john.pk
    joins = partial(
        EnrollmentFactory,
        client=case.twin,
        project=case.enrollment.project,
        household=case.enrollment.household,
        relationship_to_hoh=3,
        entry_date=case.enrollment.entry_date,
        organization=case.population.harbor,
    )
    url = partial(reverse, "casenotes:add_service")
    typed = {"service_type": case.population.service_type.pk, "units": "1"}
    first, second = case.population.browsers[:2]
    john = filled(opened(first.get(url(args=[case.john.pk]))), enrollment=case.enrollment.pk)
    with held([case.john.pk]):
        one = Running(lambda: first.post(url(args=[case.john.pk]), john | typed))
        one.wait_for_turn()
        enrollment = Running(joins).result()
        twin = filled(opened(second.get(url(args=[case.twin.pk]))), enrollment=enrollment.pk)
        # It holds the twin and waits for John, whom the first gets, who then waits for the twin.
        other = Running(lambda: second.post(url(args=[case.twin.pk]), twin | typed))
        other.wait_for_turn(one)
    assert [one.result().status_code, other.result().status_code] == [302, 302]
    assert len(caplog.records) == 1
    rows = Service.objects.filter(client__in=[case.twin, case.john])
    assert set(rows.values_list("client", flat=True)) == {case.twin.pk, case.john.pk}


def rolled_back(sqlstate="40P01"):
    error = OperationalError("deadlock detected")
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": sqlstate})()
    return error


def fails(*errors):
    """A function that raises one error after the other, then gives "done"."""
    left = list(errors)

    def action(*args, **options):
        if left:
            raise left.pop(0)
        return "done"

    return action


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_rolled_back_transaction_is_run_once_more(sqlstate):
    assert again_if_rolled_back(fails(rolled_back(sqlstate))) == "done"
    with pytest.raises(OperationalError):
        again_if_rolled_back(fails(rolled_back(sqlstate), rolled_back(sqlstate)))
    with pytest.raises(OperationalError):
        again_if_rolled_back(fails(rolled_back("55P03")))


@pytest.mark.parametrize(
    ("errors", "answer"),
    [
        ([], "done"),
        ([rolled_back()], None),  # the second time the error page tells
    ],
)
def test_view_is_run_again_once(errors, answer):
    middleware, request = RetryMiddleware(lambda request: None), SimpleNamespace(method="GET")
    middleware.process_view(request, fails(*errors), [], {})
    assert middleware.process_exception(request, rolled_back()) == answer
    assert middleware.process_exception(request, rolled_back("55P03")) is None
    assert middleware.process_exception(request, ValueError()) is None


def test_autosave_during_the_save_leaves_no_draft(case):
    """It would be offered to be continued, and become a second note."""
    first, second = case.population.browsers[:2]
    url = page_of(case, "casenotes:add")
    data = filled(opened(first.get(url)), title="Met", text="Met at the shelter.")
    data |= {"services-TOTAL_FORMS": "0", "services-INITIAL_FORMS": "0"}
    typed = data | {"user": case.population.alice.pk, "typed_at": "1"}
    keep = reverse("casenotes:draft", args=[case.john.pk])
    saved, kept = one_after_the_other(
        case.people, lambda: first.post(url, data), lambda: second.post(keep, typed)
    )
    assert saved.status_code == 302
    assert kept.json() == {"state": "saved"}
    assert CaseNote.objects.filter(client=case.john, title="Met").count() == 1
    assert not NoteDraft.objects.filter(client=case.john).exists()
