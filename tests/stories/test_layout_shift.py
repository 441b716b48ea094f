"""Nothing jumps on a page while it loads: what is under the pointer stays there."""

import pytest
from playwright.sync_api import expect

from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import AlertFactory, ProjectFactory
from tests.plugins.look import DESK, PHONE
from tests.stories.held import hold
from tests.waits import wait_until

pytestmark = pytest.mark.new_browser

MOST = 0.05
# A shift within half a second of a key or click is the user's own; none is made here.
OBSERVE = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const moved = shift.sources.map(({node}) => node?.outerHTML?.slice(0, 80) ?? "");
    window.shifts.push([shift.value, moved]);
  }
}).observe({type: "layout-shift", buffered: true});
"""
SETTLED = """async () => {
  await document.fonts.ready;
  for (let frame = 0; frame < 10; frame += 1) {
    await new Promise(requestAnimationFrame);
  }
  return window.shifts;
}"""
# Takes the buttons of the page's head and what follows it away, and brings them back node by node.
READ_AGAIN = """async () => {
  const painted = async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  };
  const head = document.querySelector(".page-head");
  const actions = head.querySelector(".page-actions");
  const nodes = [];
  const walker = document.createTreeWalker(actions);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (let next = head.nextSibling; next; next = next.nextSibling) nodes.push(next);
  const places = nodes.map((node) => node.parentNode);
  for (const node of nodes) node.remove();
  await painted();
  window.shifts = [];
  for (const [at, node] of nodes.entries()) {
    places[at].append(node);
    await painted();
  }
}"""
# The last of a form is read when what is before it has been painted.
END_READ = """async () => {
  const painted = async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  };
  const end = document.querySelector("main .form-actions");
  const form = end.closest("form");
  end.remove();
  await painted();
  window.shifts = [];
  form.append(end);
  await painted();
}"""


@pytest.fixture
def addresses(john, alice, harbor) -> list[str]:
    AlertFactory(client=john, created_by=alice, organization=harbor)
    CaseNoteFactory.create_batch(3, client=john, created_by=alice, organization=harbor)
    project = ProjectFactory(organization=harbor)
    enrollment = EnrollmentFactory(client=john, project=project, created_by=alice)
    own = john.get_absolute_url()
    pages = ("", "case-notes/", "case-notes/add/", "enrollments/", "files/", "services/", "edit/")
    intake = f"/intake/?client={john.pk}"
    return [
        "/",
        "/clients/",
        intake,
        *(f"{own}{page}" for page in pages),
        enrollment.get_absolute_url(),
    ]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_do_not_jump_while_they_load(page, at_desk, alice, addresses, size):
    page = at_desk(alice)
    page.set_viewport_size(size)
    page.add_init_script(OBSERVE)
    found = {}
    for address in addresses:
        answer = page.goto(address, wait_until="load")
        assert answer.ok, f"{address}: {answer.status}"
        shifts = page.evaluate(SETTLED)
        if sum(value for value, _ in shifts) >= MOST:
            found[address] = shifts
    assert found == {}


def test_buttons_that_arrive_one_by_one_move_nothing(page, at_desk, alice, john):
    """A slow browser shows a page while it still reads it, at times half a button."""
    page = at_desk(alice)
    page.set_viewport_size(PHONE)
    page.add_init_script(OBSERVE)
    page.goto(john.get_absolute_url())
    page.evaluate(SETTLED)
    page.evaluate(READ_AGAIN)
    assert page.locator(".page-actions > .btn").count() == 4
    shifts = page.evaluate(SETTLED)
    assert sum(value for value, _ in shifts) < 0.01, shifts


def test_end_of_a_long_form_that_is_read_late_moves_nothing(page, at_desk, alice, john):
    page = at_desk(alice)
    page.add_init_script(OBSERVE)
    page.goto(f"/clients/{john.pk}/edit/")
    page.evaluate(SETTLED)
    page.evaluate(END_READ)
    shifts = page.evaluate(SETTLED)
    assert sum(value for value, _ in shifts) < 0.005, shifts


def test_scripts_that_come_late_move_nothing(page, at_desk, alice, john):
    page = at_desk(alice)
    page.add_init_script(OBSERVE)
    held, let_go = hold(page, "**/*.js")
    page.goto(f"/clients/{john.pk}/edit/", wait_until="commit")
    expect(page.get_by_role("button", name="Finish")).to_be_visible()
    paints = "performance.getEntriesByType('paint').length"
    wait_until(lambda: page.main_frame.evaluate(paints))  # and not until all is there
    assert held
    let_go()
    shifts = page.evaluate(SETTLED)
    assert sum(value for value, _ in shifts) < 0.005, shifts


def test_a_page_that_jumps_is_found(page, at_desk, alice):
    page = at_desk(alice)
    page.add_init_script(OBSERVE)
    page.goto("/")
    page.evaluate(SETTLED)
    page.evaluate(
        """() => {
          const late = document.createElement("div");
          late.style.height = "300px";
          document.body.prepend(late);
        }"""
    )
    jumps = "most => window.shifts.some(([value]) => value > most)"
    wait_until(lambda: page.evaluate(jumps, MOST))
