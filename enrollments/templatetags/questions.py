"""A question of an assessment step as HTML: there are up to a hundred on a page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.questions import Row, Widget
from records.explained import explained
from records.form_html import date_box, errors_html
from records.widgets import attributes, text

register = template.Library()


@register.simple_tag
def question(form: MemberForm, row: Row) -> SafeString:
    """The question, how it is answered, and what is wrong with the answer."""
    inner = _source(form, row) if row.question.widget is Widget.TICK else _question(form, row)
    found = [row, row.amount] if row.amount else [row]
    return SafeString(f"{inner}{''.join(errors_html(one.bound) for one in found)}</fieldset>")


def _start(form: MemberForm, row: Row, style: str, *, says_shown: bool) -> str:
    attrs = {
        "class": style,
        "data-when": row.when or False,
        "hidden": row.hidden,
        "disabled": row.hidden,
        "data-question": row.question.name,
        "data-no": row.question.no if row.question.in_rest else False,
    }
    shown = {"type": "hidden", "name": f"{form.prefix}-shown", "value": row.question.name}
    return f"<fieldset{attributes(attrs)}>{_input(shown) if says_shown else ''}"


def _input(attrs: Mapping[str, Any]) -> str:
    return f"<input{attributes(attrs)}>"


def _marked(row: Row, style: str) -> dict[str, Any]:
    """The attributes of a control that say whether its answer is in order."""
    if not row.bound.errors:
        return {"class": style}
    described = {"aria-invalid": "true", "aria-describedby": f"{row.bound.auto_id}_error"}
    return {"class": f"{style} is-invalid", **described}


def _question(form: MemberForm, row: Row) -> str:
    asked = row.question
    style = f"question question-{asked.widget}"
    style = f"{style} has-error" if row.bound.errors else style
    answer = _choices(row) if asked.widget is Widget.CHOICES else _labelled(row)
    hint = f'<p class="form-text">{text(asked.hint)}</p>' if asked.hint else ""
    start = _start(form, row, style, says_shown=bool(row.when))
    return f"{start}{answer}{hint}{explained(asked.name, asked.label)}"


def _choices(row: Row) -> str:
    bound, id_ = row.bound, row.bound.auto_id
    chosen, name = str(bound.value()), bound.html_name
    shown = []
    for heading, options in row.question.groups:
        radios = []
        for code, label in options:
            checked = " checked" if str(code) == chosen else ""
            radios.append(
                '<div class="form-check"><input type="radio" class="form-check-input"'
                f' name="{name}" value="{code}" id="{id_}_{code}"{checked}>\n'
                f'<label for="{id_}_{code}" class="form-check-label">{text(label)}</label></div>'
            )
        style = "no-answers" if heading else "answers"  # 8, 9 and 99 stand apart
        shown.append(f'<div class="{style}">{"".join(radios)}</div>')
    described = f' aria-describedby="{id_}_error"' if bound.errors else ""
    return (
        f'<div role="radiogroup" class="answer" id="{id_}" tabindex="-1"'
        f' aria-labelledby="{id_}_label"{described}>'
        f'<span class="ask" id="{id_}_label">{text(row.question.label)}</span>'
        f'<div class="choices-inline">{"".join(shown)}</div></div>'
    )


def _labelled(row: Row) -> str:
    id_, label = row.bound.auto_id, text(row.question.label)
    control = _list(row) if row.question.widget is Widget.LIST else _line(row)
    return f'<div class="answer"><label class="ask" for="{id_}">{label}</label>\n{control}</div>'


def _list(row: Row) -> str:
    chosen = str(row.bound.value())
    attrs = {"name": row.bound.html_name, "id": row.bound.auto_id}
    options = "".join(_group(heading, choices, chosen) for heading, choices in row.question.groups)
    named = attributes({**_marked(row, "form-select"), **attrs})
    return f'<select{named}><option value="">Choose…</option>{options}</select>'


def _group(heading: str, choices: list[tuple[Any, str]], chosen: str) -> str:
    options = "".join(
        f'<option value="{text(str(code))}"{" selected" if str(code) == chosen else ""}>'
        f"{text(label)}</option>"
        for code, label in choices
    )
    return f'<optgroup label="{text(heading)}">{options}</optgroup>' if heading else options


def _line(row: Row) -> str:
    value, kind = row.bound.value(), row.question.widget
    typed = {
        Widget.DATE: {"data-date": True, "placeholder": "MM/DD/YYYY", "maxlength": "30"},
        Widget.NUMBER: {"inputmode": "numeric", "maxlength": "50"},
    }
    control = _input(
        {
            "type": "text",
            **_marked(row, "form-control"),
            "name": row.bound.html_name,
            "value": "" if value is None else value,
            "id": row.bound.auto_id,
            "autocomplete": "off",
            **typed.get(kind, {"maxlength": "50"}),
        }
    )
    return date_box(control) if kind is Widget.DATE else control


def _source(form: MemberForm, row: Row) -> str:
    """A source of income or the like: a box to tick, with an amount beside it where HUD asks."""
    bound, label = row.bound, row.question.label
    tick = _input(
        {
            "type": "checkbox",
            **_marked(row, "form-check-input"),
            "name": bound.html_name,
            "value": "1",
            "id": bound.auto_id,
            "checked": bool(bound.value()),
        }
    )
    named = f'<label for="{bound.auto_id}" class="form-check-label">{text(label)}</label>'
    amount = _amount(row.amount, row) if row.amount else ""
    start = _start(form, row, "question source", says_shown=True)
    return f'{start}<div class="form-check">{tick}\n{named}</div>{amount}'


def _amount(amount: Row, source: Row) -> str:
    value = amount.bound.value()
    control = _input(
        {
            "type": "text",
            **_marked(amount, "form-control"),
            "inputmode": "decimal",
            "autocomplete": "off",
            "maxlength": "12",
            "name": amount.bound.html_name,
            "value": "" if value is None else value,
            "id": amount.bound.auto_id,
            "aria-label": f"Monthly amount: {source.question.label}",
            "data-amount": source.bound.auto_id,
        }
    )
    return f'<div class="amount"><span aria-hidden="true">$</span>\n{control}</div>'
