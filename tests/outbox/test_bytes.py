"""A mail's bytes are those that Django makes, but for the boundary between its parts."""

import re

import pytest

from outbox.kinds import Letter

BOUNDARY = re.compile(rb'boundary="?([^"\r\n]+)"?')


@pytest.mark.parametrize(
    "subject",
    ["Task notification 12AB-34CD", "17 Coordinated Access notifications " * 5, "Übung " * 20],
    ids=["short", "long", "not ASCII"],
)
@pytest.mark.parametrize("html", ["", "<p>Häuser</p>"], ids=["text", "text and HTML"])
def test_mail_is_written_as_django_writes_it(subject, html):
    letter = Letter("José <jose@example.org>", subject, "One\n.\nFrom here on\nÉ", html)
    mail = letter.message("<hmis.0123456789abcdef0123456789abcdef@hmis.example.org>")
    expected = mail.message().as_bytes(linesep="\r\n")
    assert without_boundary(mail.body_of_smtp) == without_boundary(expected)
    assert max(map(len, mail.body_of_smtp.split(b"\r\n"))) <= 78


def without_boundary(body):
    found = BOUNDARY.search(body)
    body = body.replace(found[1], b"...") if found else body
    body = BOUNDARY.sub(b"boundary=...", body).replace(b";\r\n boundary", b"; boundary")
    return re.sub(rb"\r\nDate: [^\r]*", b"", body)


def test_parts_are_told_apart_by_another_boundary_in_each_mail():
    bodies = [Letter("a@b.org", "", "text", "<p>").message("<1@b.org>").body_of_smtp for _ in "12"]
    one, other = (BOUNDARY.search(body)[1] for body in bodies)
    assert one != other
    assert [body.count(b"--") for body in bodies] == [4, 4]
    assert bodies[0].count(b"--" + one) == bodies[1].count(b"--" + other) == 3
