"""3.16: the enrollment's CoC is chosen from the Continuums of Care of its project (2.03)."""

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.models import Enrollment
from tests.agencies.factories import ProjectCoCFactory
from tests.html_forms import form_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(walk, project, ann, ben):
    walk.enroll(project, ann, ben)


@pytest.fixture
def set_up(enrolled, project):
    """Return a function that sets up the Continuums of Care of the household's project."""

    def of_project(*codes: str):
        for code in codes:
            ProjectCoCFactory(project=project, coc_code=code)
        return project

    return of_project


def name_of(ann) -> str:
    return f"c{ann.pk}-enrollment_coc"


def shown(walk, ann) -> str:
    return walk.see(Step.UNIVERSAL).content.decode()


def test_without_set_up_it_is_typed(walk, enrolled, ann):
    html = shown(walk, ann)
    assert form_with(html, name_of(ann)).sent[name_of(ann)] == [""]
    assert "Continuum of Care, such as MA-500" in html


def test_one_is_filled_in(walk, set_up, ann):
    set_up("MA-500")
    html = shown(walk, ann)
    assert form_with(html, name_of(ann)).sent[name_of(ann)] == ["MA-500"]
    assert "MA-500 · Boston CoC" in html


def test_several_are_a_choice(walk, set_up, ann):
    set_up("MA-500", "MA-511")
    html = shown(walk, ann)
    assert form_with(html, name_of(ann)).sent[name_of(ann)] == [""]
    assert "MA-500 · Boston CoC" in html
    assert "MA-511 · Quincy" in html
    walk.save(Step.UNIVERSAL, {name_of(ann): "MA-511"})
    walk.finish()
    assert Enrollment.objects.get(client=ann).enrollment_coc == "MA-511"


def test_last_choice_is_offered_next_time_while_it_is_the_projects(walk, set_up, ann):
    project = set_up("MA-500", "MA-511")
    walk.save(Step.UNIVERSAL, {name_of(ann): "MA-511"})
    walk.finish()
    assert Enrollment.objects.latest_coc(project) == "MA-511"
    project.cocs.get(coc_code="MA-511").delete()
    del project.coc_codes
    assert Enrollment.objects.latest_coc(project) == "MA-500"


def test_other_than_the_projects_is_refused(walk, set_up, ann):
    set_up("MA-500")
    answer = walk.save(Step.UNIVERSAL, {name_of(ann): "MA-509"})
    assert "Choose one of the project&#x27;s Continuums of Care." in answer.content.decode()


def test_blank_never_blocks(walk, set_up, ann):
    set_up("MA-500")
    walk.save(Step.UNIVERSAL, {name_of(ann): ""})
    walk.finish()
    assert Enrollment.objects.get(client=ann).enrollment_coc == ""


def test_project_without_a_type_asks_what_all_ask(walk, enrolled, project, ann):
    """Of an import: HUD lets projects outside of the Continuum of Care's work have none."""
    type(project).objects.update(project_type=None, continuum_project=False)
    html = shown(walk, ann)
    assert form_with(html, name_of(ann))
    assert "move_in_date" not in html
    walk.save(Step.UNIVERSAL, {name_of(ann): "MA-500"})
    walk.finish()
    assert Enrollment.objects.get(client=ann).enrollment_coc == "MA-500"
