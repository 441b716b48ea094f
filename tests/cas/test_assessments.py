"""Coordinated Access, Assessments: HUD 4.19 with questions and results (docs/cas.md)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cas.models import Assessment, AssessmentQuestion, AssessmentResult
from clients.models import ClientAccess
from hud.columns import csv_file
from tests.cas.factories import (
    AssessmentFactory,
    AssessmentQuestionFactory,
    AssessmentResultFactory,
)
from tests.pages import errors, filled, messages, opened, send

DAY = date(2026, 2, 2)
TYPED = {
    "assessment_date": "02/02/2026",
    "assessment_location": "Main Street",
    "assessment_type": "3",
    "assessment_level": "2",
    "prioritization_status": "1",
}


def page(name, *args):
    return reverse(f"cas:{name}", args=args)


def rows(*questions, results=()):
    """The boxes as a browser sends them: three of each question, two of each result."""
    sent = {}
    for prefix, names, lines in (
        ("questions", ("key", "question", "answer", "group"), questions),
        ("results", ("key", "type", "result"), results),
    ):
        for place, name in enumerate(names):
            sent[f"{prefix}_{name}"] = [line[place] for line in lines]
    return sent


@pytest.fixture
def assessment(enrollment, alice):
    row = AssessmentFactory(enrollment=enrollment, created_by=alice)
    for order in (1, 2):
        AssessmentQuestionFactory(assessment=row, assessment_question_order=order, created_by=alice)
    AssessmentResultFactory(assessment=row, created_by=alice)
    return row


def stored(row):
    """What the edit page would send of the parts."""
    return rows(
        *(
            [str(one.pk), one.assessment_question, one.assessment_answer, ""]
            for one in row.questions.all()
        ),
        results=[
            [str(one.pk), one.assessment_result_type, one.assessment_result]
            for one in row.results.all()
        ],
    )


def test_models_have_the_columns_of_the_files():
    for model, name in (
        (Assessment, "Assessment"),
        (AssessmentQuestion, "AssessmentQuestions"),
        (AssessmentResult, "AssessmentResults"),
    ):
        for column in csv_file(name):
            if column.key in (None, "pk"):
                field = model._meta.get_field(column.field)
                assert field.max_length == column.max_length or not column.max_length


def test_assessment_is_recorded_with_questions_and_results(portal, enrollment, alice, harbor):
    sent = rows(
        ["", "  Where did you   sleep? ", "Outside", "History"],
        ["", "", "", ""],
        ["", "How long?", "", ""],
        results=[["", "Score", "12"]],
    )
    url = page("add_assessment", enrollment.client_id)
    answer = send(portal(alice), url, follow=True, **TYPED, **sent)
    assert messages(answer) == ["Assessment saved."]
    row = Assessment.objects.get()
    assert (row.client, row.enrollment, row.organization) == (enrollment.client, enrollment, harbor)
    assert (row.assessment_date, row.assessment_location) == (DAY, "Main Street")
    assert (row.assessment_type, row.assessment_level, row.prioritization_status) == (3, 2, 1)
    questions = row.questions.values_list(
        "assessment_question_order", "assessment_question", "assessment_answer"
    )
    assert list(questions) == [(1, "Where did you sleep?", "Outside"), (2, "How long?", "")]
    (result,) = row.results.all()
    assert (result.client, result.created_by) == (enrollment.client, alice)
    assert (result.assessment_result_type, result.assessment_result) == ("Score", "12")
    shown = portal(alice).get(row.get_absolute_url()).content.decode()
    asked = ("Housing Needs Assessment", "Where did you sleep?", "Outside")
    for text in (*asked, "Score", "<bdi>12</bdi>"):
        assert text in shown
    shown = portal(alice).get(page("assessments", enrollment.client_id)).content.decode()
    assert "Placed on prioritization list" in shown


def test_head_of_household_is_asked_alone(portal, enrollment, child, alice):
    url = page("add_assessment", child.client_id)
    answer = portal(alice).get(url)
    assert "An assessment cannot be recorded now" in answer.content.decode()
    assert errors(portal(alice).post(url, {**TYPED, "enrollment": child.pk}))["enrollment"]
    assert not Assessment.objects.exists()


def test_assessment_of_a_member_from_a_file_can_be_corrected(portal, enrollment, alice):
    enrollment.relationship_to_hoh, enrollment.is_exempt = 2, True
    enrollment.save()
    row = AssessmentFactory(enrollment=enrollment, created_by=alice)
    url = page("edit_assessment", row.client_id, row.pk)
    assert send(portal(alice), url, assessment_type="1").status_code == 302
    row.refresh_from_db()
    assert row.assessment_type == 1


def test_edit_keeps_the_records_of_its_rows(portal, assessment, alice, bob):
    first, second = assessment.questions.all()
    (result,) = assessment.results.all()
    sent = rows(
        [str(second.pk), second.assessment_question, "No", ""],
        ["", "New question", "Maybe", ""],
        results=[[str(result.pk), "Score", "12"]],
    )
    url = page("edit_assessment", assessment.client_id, assessment.pk)
    assert send(portal(bob), url, **sent).status_code == 302
    left = list(assessment.questions.all())
    assert [(one.assessment_question_order, one.assessment_answer) for one in left] == [
        (2, "No"),
        (3, "Maybe"),
    ]
    assert left[0] == second
    assert (left[0].updated_by, left[0].created_by) == (bob, alice)
    deleted = AssessmentQuestion.with_deleted.get(pk=first.pk)
    assert deleted.date_deleted
    result.refresh_from_db()
    assert result.updated_by == alice  # nobody changed it


def test_questions_without_an_order_stay_so(portal, assessment, alice):
    """Files need not number them."""
    assessment.questions.update(assessment_question_order=None)
    sent = stored(assessment)
    for name, value in (("key", ""), ("question", "Last"), ("answer", ""), ("group", "")):
        sent[f"questions_{name}"].append(value)
    send(portal(alice), page("edit_assessment", assessment.client_id, assessment.pk), **sent)
    texts = assessment.questions.values_list("assessment_question_order", flat=True)
    assert list(texts) == [None, None, None]
    assert list(assessment.questions.all())[-1].assessment_question == "Last"


def test_key_of_another_assessment_is_a_new_row(portal, assessment, enrollment, alice):
    other = AssessmentQuestionFactory(
        assessment=AssessmentFactory(enrollment=enrollment, created_by=alice), created_by=alice
    )
    sent = rows([str(other.pk), "Mine", "Yes", ""])
    send(portal(alice), page("edit_assessment", assessment.client_id, assessment.pk), **sent)
    other.refresh_from_db()
    assert other.assessment_question != "Mine"
    assert assessment.questions.get().assessment_question == "Mine"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (rows(["", "", "Yes", ""]), "Question 1: Enter the question."),
        (rows(["", "", "", ""], ["", "", "", "A"]), "Question 2: Enter the question."),
        (
            rows(["", "x" * 251, "", ""]),
            "Question 1: Question has at most 250 characters, and this one has 251.",
        ),
        (
            rows(["", "Why?", "x" * 501, ""]),
            "Question 1: Answer has at most 500 characters, and this one has 501.",
        ),
        (rows(["", "a\u202eb", "", ""]), "Question 1: Type this again"),
        (rows(["", "a\0b", "", ""]), "Question 1: "),
        (rows(*[["", "Why?", "", ""]] * 201), "Enter at most 200."),
        (rows(results=[["", "", "12"]]), "Result 1: Enter the type of result."),
        (rows(results=[["", "Score", "1"]] * 51), "Enter at most 50."),
    ],
    ids=range(9),
)
def test_odd_rows_are_refused_with_their_number(portal, enrollment, alice, sent, wrong):
    answer = send(portal(alice), page("add_assessment", enrollment.client_id), **TYPED | sent)
    found = [one for texts in errors(answer).values() for one in texts]
    assert len(found) >= 1
    assert found[0].startswith(wrong)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"assessment_date": "01/01/2020"}, "assessment_date"),  # before the project start
        ({"assessment_date": "12/31/2026"}, "assessment_date"),  # in the future
        ({"assessment_date": ""}, "assessment_date"),
        ({"assessment_location": " "}, "assessment_location"),
        ({"assessment_location": "x" * 251}, "assessment_location"),
        ({"assessment_type": "4"}, "assessment_type"),
        ({"assessment_type": None}, "assessment_type"),
        ({"assessment_level": "99"}, "assessment_level"),
        ({"prioritization_status": ""}, "prioritization_status"),
        ({"enrollment": ""}, "enrollment"),
        ({"enrollment": "0"}, "enrollment"),
    ],
)
def test_odd_answers_are_refused(portal, enrollment, alice, typed, wrong):
    answer = send(portal(alice), page("add_assessment", enrollment.client_id), **TYPED | typed)
    assert list(errors(answer)) == [wrong]
    assert not Assessment.objects.exists()


def test_two_users_at_once_choose_what_is_right(portal, assessment, alice, bob):
    url = page("edit_assessment", assessment.client_id, assessment.pk)
    first, second = portal(alice), portal(bob)
    typed = filled(opened(second.get(url))) | stored(assessment)
    late = dict(typed)
    late["questions_answer"] = ["Later", *typed["questions_answer"][1:]]
    early = stored(assessment)
    early["questions_answer"] = ["Sooner", *early["questions_answer"][1:]]
    assert send(first, url, **early).status_code == 302
    answer = second.post(url, late)
    (change,) = opened(answer).changes
    assert change.is_conflict
    assert (change.label, change.now.split("; ")[0][-6:]) == ("Questions", "Sooner")
    form = opened(answer)
    again = filled(form, choose_questions="mine") | {
        name: value for name, value in late.items() if name.startswith(("questions_", "results_"))
    }
    assert second.post(url, again).status_code == 302
    assert assessment.questions.first().assessment_answer == "Later"


def test_delete_and_restore_take_the_parts_along(portal, assessment, alice):
    gone = assessment.questions.first()
    gone.mark_deleted(by=alice, at=timezone.now() - timedelta(hours=1))
    browser = portal(alice)
    answer = browser.post(page("delete_assessment", assessment.client_id, assessment.pk))
    assert answer.status_code == 302
    for model in (Assessment, AssessmentQuestion, AssessmentResult):
        assert not model.objects.exists()
    browser.post(page("restore_assessment", assessment.client_id, assessment.pk))
    assert Assessment.objects.get() == assessment
    assert (assessment.questions.count(), assessment.results.count()) == (1, 1)


def test_other_organization_reads_a_shared_assessment_and_changes_none(portal, assessment, charlie):
    browser, place = portal(charlie), (assessment.client_id, assessment.pk)
    assert browser.get(assessment.get_absolute_url()).status_code == 200
    shown = browser.get(page("assessments", place[0])).content.decode()
    assert page("assessment", *place) in shown
    assert page("edit_assessment", *place) not in shown
    for name in ("edit_assessment", "delete_assessment"):
        assert browser.get(page(name, *place)).status_code == 403
        assert browser.post(page(name, *place), TYPED).status_code == 403
    assert browser.post(page("restore_assessment", *place)).status_code == 403


@pytest.mark.parametrize("what", ["client", "enrollment"])
def test_restricted_is_not_there_for_another_organization(portal, assessment, charlie, what):
    restricted = getattr(assessment, what)
    restricted.visibility = "own"
    restricted.save()
    browser, place = portal(charlie), (assessment.client_id, assessment.pk)
    assert browser.get(assessment.get_absolute_url()).status_code == 404
    for name in ("edit_assessment", "delete_assessment"):
        assert browser.post(page(name, *place), TYPED).status_code == 404
    assert not AssessmentQuestion.objects.visible_to(charlie).exists()
    assert not AssessmentResult.objects.visible_to(charlie).exists()


def test_who_looked_is_in_the_access_log(portal, assessment, alice):
    portal(alice).get(assessment.get_absolute_url())
    seen = ClientAccess.objects.filter(client=assessment.client, page="cas:assessment")
    assert seen.exists()


def test_history_has_every_version(portal, assessment, alice):
    sent = stored(assessment)
    sent["questions_answer"] = ["Changed", "Changed"]
    send(portal(alice), page("edit_assessment", assessment.client_id, assessment.pk), **sent)
    updates = AssessmentQuestion.pgh_event_models["update"].objects.filter(pgh_label="update")
    assert updates.count() == 2
    assert assessment.questions.first().assessment_answer == "Changed"


@pytest.mark.parametrize("name", ["assessments", "assessment"])
def test_cost_does_not_grow_with_questions(
    portal, assessment, enrollment, alice, django_assert_max_num_queries, name
):
    for order in range(3, 40):
        AssessmentQuestionFactory(
            assessment=assessment, assessment_question_order=order, created_by=alice
        )
    args = [assessment.client_id] + ([assessment.pk] if name == "assessment" else [])
    browser = portal(alice)
    browser.get(page(name, *args))
    with django_assert_max_num_queries(22):
        browser.get(page(name, *args))
