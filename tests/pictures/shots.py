"""What the pictures show, in the order in which they are taken: of people whom nobody is.

A shot brings a page where it should be; some leave a record behind that a later one shows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

CASEY, DANA = "casey@harbor.example", "dana@harbor.example"
JOHN, OKAFOR = "/clients/1/", "/clients/11/"  # as hmis/demo/personas.toml has them
TO_SIGN = f"{JOHN}releases/sign/text/?members=1"
TODAY = """new Date().toLocaleDateString(
  "en-US", {month: "2-digit", day: "2-digit", year: "numeric"})"""
Arrange = Callable[[Page], Locator | None]


@dataclass(frozen=True)
class Shot:
    """One picture.

    Args:
        name: of its file.
        arrange: opens the page; returns the part that is shown, or nothing for the window.
        user: who is logged in, "" for nobody.
        width: of the window.
        height: of the window, and the most that is shown of a part.
    """

    name: str
    arrange: Arrange
    user: str
    width: int
    height: int

    def shoot(self, page: Page) -> bytes:
        """The picture as PNG."""
        part = self.arrange(page)
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0); document.fonts.ready")
        if part is None:
            return page.screenshot()
        return page.screenshot(clip=self._around(part))

    def _around(self, part: Locator) -> dict[str, float]:
        box = part.bounding_box()
        return {
            "x": box["x"],
            "y": box["y"],
            "width": min(self.width - box["x"], box["width"]),
            "height": min(self.height - box["y"], box["height"]),
        }


SHOTS: list[Shot] = []


def shot(
    name: str, *, user: str = CASEY, width: int = 960, height: int = 760
) -> Callable[[Arrange], Arrange]:
    def add(arrange: Arrange) -> Arrange:
        SHOTS.append(Shot(name, arrange, user, width, height))
        return arrange

    return add


def whole(name: str, address: str, user: str = CASEY) -> None:
    """A picture of the window of a desk."""
    SHOTS.append(Shot(name, lambda page: go(page, address), user, 1280, 800))


def phone(name: str, address: str) -> None:
    SHOTS.append(Shot(name, lambda page: go(page, address), CASEY, 390, 780))


def part(name: str, address: str, selector: str = "main", **options: int | str) -> None:
    """A picture of a part of a page, as wide as the help shows it."""

    def arrange(page: Page) -> Locator:
        go(page, address)
        return page.locator(selector).first

    shot(name, **options)(arrange)


def go(page: Page, address: str) -> None:
    page.goto(address)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


# What a visitor of the repository sees first

whole("dashboard", JOHN)
whole("home", "/")
whole("caseload", "/caseload/")
whole("case-notes", f"{JOHN}case-notes/")
whole("files", f"{JOHN}files/")
whole("officers", "/admin/", DANA)
phone("phone-dashboard", JOHN)
phone("phone-files", f"{JOHN}files/")

# Getting in and around

part("log-in", "/accounts/login/", "main", user="")


@shot("question-mark", width=1280, height=620)
def question_mark(page: Page) -> None:
    go(page, f"{JOHN}case-notes/")
    page.locator("[data-help]").click()
    page.locator("#help-title").wait_for()


# Clients


@shot("found-clients", height=620)
def found_clients(page: Page) -> Locator:
    go(page, "/clients/")
    page.get_by_label("First Name", exact=True).fill("jo")
    page.get_by_label("Last Name", exact=True).fill("smi")
    press(page, "Search")
    page.get_by_role("link", name="Smith, John").first.wait_for()
    return page.locator("main")


part("edit-client", f"{JOHN}edit/", height=720)
part("interested-others", f"{JOHN}interested-others/", width=1280, height=460)
part("family-members", f"{OKAFOR}family/", width=1280, height=560)
part("releases", f"{OKAFOR}releases/", width=1280, height=560)
shot("sign-on-the-screen", width=1100, height=600)(lambda page: go(page, TO_SIGN))
phone("phone-sign", TO_SIGN)

# An intake of a family, step by step: one draft, which is thrown away with the demonstration


@shot("start-intake", height=420)
def start_intake(page: Page) -> Locator:
    go(page, "/intake/?client=11")
    return page.locator("main")


@shot("intake-family", height=700)
def intake_family(page: Page) -> Locator:
    go(page, f"{intake(page)}family/")
    for name in ("Grace Okafor", "Faith Okafor"):
        page.get_by_role("checkbox", name=name).check()
    return page.locator("main")


@shot("intake", width=1280, height=800)
def intake_program(page: Page) -> None:
    fill_in_program(page)


@shot("intake-program", height=760)
def intake_members(page: Page) -> Locator:
    fill_in_program(page)
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url("**/universal/")
    go(page, f"{intake(page)}program/")
    return page.locator("main")


def fill_in_program(page: Page) -> None:
    go(page, f"{intake(page)}family/")
    for name in ("Grace Okafor", "Faith Okafor"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("main").get_by_role("button", name="Save & Next").last.click()
    page.wait_for_url("**/program/")
    page.get_by_label("Project", exact=True).select_option(label="Harbor Rapid Re-Housing")
    page.wait_for_load_state("networkidle")
    today = page.evaluate(TODAY)
    for box in page.get_by_label("Project Start Date").all():
        box.fill(today)
    for number, box in enumerate(page.get_by_label("Relationship to Head of Household").all()):
        box.select_option(label="Child" if number else "Self (head of household)")


def intake(page: Page) -> str:
    """The address of the one intake, which the first who asks begins."""
    go(page, "/intake/?client=11")
    begun = page.locator("main .list a[href^='/intake/']")
    if begun.count():
        begun.first.click()
    else:
        press(page, "Start intake")
    page.wait_for_url("**/intake/*-*/*/")
    return page.url.rpartition("/")[0].rpartition("/")[0] + "/"


def step(name: str, slug: str, **options: int) -> None:
    def arrange(page: Page) -> Locator:
        go(page, f"{intake(page)}{slug}/")
        return page.locator("main")

    shot(name, **options)(arrange)


step("intake-universal", "universal")
step("intake-barriers", "barriers")
step("intake-income", "income")
step("intake-release", "release", height=1000)
step("intake-review", "review")


@shot("phone-intake", width=390, height=780)
def phone_intake(page: Page) -> None:
    go(page, f"{intake(page)}barriers/")


# Enrollments and case managers

part("enrollments", f"{JOHN}enrollments/", width=1280, height=480)
part("case-managers", f"{JOHN}case-managers/", width=1280, height=480)


@shot("exit", height=760)
def exit_household(page: Page) -> Locator:
    return from_row(page, f"{OKAFOR}enrollments/", "Exit")


# Notes, services, files


@shot("note-actions", height=520)
def note_actions(page: Page) -> Locator:
    go(page, f"{JOHN}case-notes/")
    open_row(page)
    return page.locator("main")


@shot("write-note", height=860)
def write_note(page: Page) -> Locator:
    go(page, f"{JOHN}case-notes/add/")
    page.get_by_label("Title", exact=True).fill("Visit at the apartment")
    page.get_by_label("Note", exact=True).fill(
        "Looked at the apartment together. The landlord fixes the heating this week."
    )
    return page.locator("main")


part("add-service", f"{JOHN}services/add/", height=700)
part("add-file", f"{JOHN}files/add/", height=700)
part("client-photo", f"{JOHN}photo/", height=700)


@shot("bell", width=960, height=420)
def bell(page: Page) -> None:
    go(page, "/")
    page.locator("#bell > summary").click()
    page.locator("#bell-menu li, #bell-menu article").first.wait_for()


# Data Quality Officers


@shot("data-quality-rules", user=DANA, width=1280, height=640)
def data_quality_rules(page: Page) -> Locator:
    for _ in range(30):  # they are counted beside the server
        go(page, "/admin/quality/")
        if page.locator(".quality-table").count():
            break
        page.wait_for_timeout(2000)
    return page.locator("main")


part("duplicates", "/admin/clients/possibleduplicate/", user=DANA, width=1280, height=560)


def open_row(page: Page) -> Locator:
    """Open the menu of the first row."""
    menu = page.locator(".row-actions").first
    menu.locator("summary").click()
    return menu


def from_row(page: Page, address: str, action: str) -> Locator:
    go(page, address)
    open_row(page).get_by_text(action, exact=True).click()
    page.wait_for_load_state()
    return page.locator("main")
