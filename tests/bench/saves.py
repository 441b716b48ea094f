"""What users save, as a browser sends it: the page with the form is read first and not measured.

Nothing here depends on the commit: what a page's form has is sent back with a few answers changed.
Each function returns the address and the form that are to be sent.
"""

import random
import re
import string
import uuid

from tests.bench.browser import Browser, UnexpectedAnswerError
from tests.html_forms import form_with

Sent = tuple[str, dict]
TEXT = "Met at the shelter and talked about the waiting list, the bus pass and the clinic. " * 6
ADULT = {"sex": "0", "ssn_data_quality": "99", "name_data_quality": "1"}
HAND_OVER = r"/clients/{}/case-managers/\d+/hand-over/"
rng = random.Random()


def search(browser: Browser, **typed: str) -> Sent:
    form = browser.form("/clients/", "last_name")
    return form.action, form.filled(**typed)


def note(browser: Browser, client: int, title: str = "") -> Sent:
    form = browser.form(f"/clients/{client}/case-notes/add/", "text")
    return form.action, form.filled(title=title or f"Contact {uuid.uuid4().hex[:8]}", text=TEXT)


def edit_client(browser: Browser, client: int) -> Sent:
    form = browser.form(f"/clients/{client}/edit/", "first_name")
    return form.action, form.filled(phone=f"(617) 555-{rng.randrange(10_000):04}")


def add_client(
    browser: Browser, first_name: str = "", last_name: str = "", dob: str = "03/04/1980"
) -> Sent:
    """Somebody of these names; without names somebody like whom nobody is on file."""
    names = {"first_name": first_name or _name(), "last_name": last_name or _name()}
    results = browser.get(browser.post(*search(browser, **names)).location)
    add = re.search(r'href="(/clients/add/[^"]*)"', results.text)
    if add is None:
        raise UnexpectedAnswerError("the results lead to no Add New Client")
    form = browser.form(add[1], "first_name")
    born = {"dob": dob, "dob_data_quality": "1" if dob else "99"}
    return form.action, form.filled(**ADULT, **born, race_ethnicity="white")


def _name() -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=10)).capitalize()


def hand_over(browser: Browser, client: int, users: tuple[int, int]) -> Sent:
    """The assignment to a client, from one of two users to the other one."""
    page = browser.get(f"/clients/{client}/case-managers/").text
    address = re.search(HAND_OVER.format(client), page)
    if address is None:
        raise UnexpectedAnswerError(f"client {client} has nothing to hand over")
    page = browser.get(address[0]).text
    to = next(user for user in users if f'<option value="{user}"' in page)  # whose it is not
    return address[0], form_with(page, "case_manager").filled(case_manager=str(to))
