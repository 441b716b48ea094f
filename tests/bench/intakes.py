"""The intake of an adult, walked through step by step as a browser without script would."""

import random
import re
from collections.abc import Iterator

from tests.bench import saves
from tests.bench.browser import Browser, UnexpectedAnswerError
from tests.html_forms import HtmlForm, form_with

# Of a project of every type; programs ask for Health, Education and Employment as well.
STEPS = (
    *("basic", "family", "program", "universal", "barriers", "domestic-violence"),
    *("income", "benefits", "insurance", "review"),
)
MOST = 20  # more steps than any intake has


class Intake:
    """An intake that is begun, of somebody who is added for it.

    number: of several in a run; those of one number choose the same project.
    """

    def __init__(self, browser: Browser, number: int) -> None:
        self.browser, self.rng = browser, random.Random(number)
        client = browser.post(*saves.add_client(browser)).location.split("/")[2]
        page = browser.get(f"/intake/?client={client}").text
        start = f"/intake/start/{client}/"
        form = next(one for one in browser.forms(page) if one.action == start)
        self.address = browser.post(start, form.sent).location

    @property
    def step(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]

    def reach(self, step: str) -> str:
        """The address of a step, when those before it are answered."""
        for _ in range(MOST):
            if self.step == step:
                return self.address
            self.address = self.browser.post(*self.answered()).location
        raise UnexpectedAnswerError(f"{self.address} leads to no {step}")

    def save(self, step: str) -> saves.Sent:
        """A step as it is sent, when those before it are answered."""
        self.reach(step)
        return self.answered()

    def form(self) -> tuple[str, HtmlForm]:
        """The page of the step and its form."""
        page = self.browser.get(self.address).text
        form = form_with(page, "seen")
        if form is None:
            raise UnexpectedAnswerError(f"{self.address} is no step of an intake")
        return page, form

    def answered(self) -> saves.Sent:
        """The step as it is sent by Save & Next."""
        page, form = self.form()
        typed = {"veteran_status": "0"} if "veteran_status" in form.names else {}
        if "project" in form.names:
            projects = page[page.index('name="project"') :]
            projects = projects[: projects.index("</select>")]
            typed["project"] = self.rng.choice(re.findall(r'<option value="(\d+)"', projects))
        return self.address, form.filled(**typed) | {"next": "1"}


def steps(browser: Browser) -> Iterator[str]:
    """The address of each step of an added adult's intake up to Review."""
    intake = Intake(browser, 0)
    yield intake.address
    while intake.step != "review":
        intake.address = browser.post(*intake.answered()).location
        yield intake.address


def finish(browser: Browser, number: int) -> saves.Sent:
    """Finish, at the end of an intake."""
    intake = Intake(browser, number)
    address = intake.reach("review")
    return address.replace("/review/", "/finish/"), intake.form()[1].sent
