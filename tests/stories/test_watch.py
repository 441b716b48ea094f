"""The stories' own eyes: each of these faults would turn a story red."""

import pytest
from django.core.handlers.wsgi import WSGIHandler


@pytest.fixture
def page(page, at_desk, alice):
    page = at_desk(alice)
    page.goto("/clients/")
    return page


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("console.error('broken')", "console error: broken"),
        ("setTimeout(() => { throw new Error('broken') })", "script error"),
        ("document.body.append(Object.assign(document.createElement('script'),"
         " {textContent: '1'}))", "Content Security Policy"),
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        ("fetch('/nowhere/')", "404 for GET"),
        ("fetch('http://127.0.0.1:1/')", "Content Security Policy"),
    ],
)  # fmt: skip
def test_a_fault_in_the_browser_is_noticed(page, watch, fault, complaint):
    page.evaluate(f"() => {{ {fault} }}")
    for _ in range(300):
        if any(complaint in one for one in watch.complaints):
            break
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.close()
    assert any(complaint in one for one in watch.complaints), watch.complaints
    watch.complaints.clear()


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("document.querySelector('main label').remove()", "label"),
        ("document.querySelector('main button').style.zoom = 0.3", "<button"),
        ("document.querySelector('main form').style.width = '2000px'", "scrolls sideways"),
        ("document.querySelector('h1').style.color = '#ddd'", "contrast"),
    ],
)
def test_a_fault_of_the_page_is_seen(page, look, fault, complaint):
    page.evaluate(f"() => {{ {fault} }}")
    with pytest.raises(AssertionError, match=complaint):
        look("fault")


def test_nobody_is_let_in_between_two_stories(entrance):
    entrance.close()
    with pytest.raises(ConnectionRefusedError):
        entrance.begin(WSGIHandler)
