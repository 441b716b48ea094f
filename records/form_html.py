"""A field of a form as HTML in Bootstrap's classes: its label, control, errors and help text."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorList
from django.utils.safestring import SafeString, mark_safe

from records.explained import explained
from records.icons import icon
from records.widgets import attributes, is_plain, plain_select, text

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field_html(bound: BoundField) -> SafeString:
    """The whole field; the control alone where it is hidden."""
    widget = bound.field.widget
    if widget.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own
    errors, id_ = bound.errors, bound.auto_id
    if isinstance(widget, forms.CheckboxInput):
        inner = _check(bound, errors)
    elif isinstance(widget, CHOICES):
        legend = _legend(bound, '<span class="visually-hidden"> (required)</span>')
        described = bound.aria_describedby
        inner = _fieldset(f"{legend}{_choices(bound, errors)}{_foot(bound, errors)}", described)
    elif widget.use_fieldset and bound.label:
        shown = f"{_legend(bound)}{_control(bound, errors)}{_foot(bound, errors)}"
        inner = _fieldset(shown, bound.aria_describedby)
    else:
        label = _label(bound, "form-label") if bound.label else ""
        inner = f"{label}\n{_control(bound, errors)}{_foot(bound, errors)}"
    style = "field has-error" if errors else "field"
    return SafeString(f'<div id="div_{id_}" class="{style}">{inner}</div>')


def form_html(form: forms.BaseForm) -> SafeString:
    """All fields of a form, its own errors before them."""
    found = form.non_field_errors()
    items = "".join(f"<li>{text(one)}</li>" for one in found)
    head = f'<div class="error-summary" role="alert"><ul>{items}</ul></div>' if found else ""
    return SafeString(head + "".join(field_html(bound) for bound in form))


def control_html(bound: BoundField) -> SafeString:
    """The control alone, without a label."""
    return SafeString(_control(bound, bound.errors))


def errors_html(bound: BoundField) -> SafeString:
    """What is wrong with a field, in words."""
    return SafeString(_errors(bound, bound.errors))


def _errors(bound: BoundField, errors: ErrorList) -> str:
    if not errors:
        return ""
    spans = "".join(f"<span>{text(one)}</span> " for one in errors)
    drawn = icon("error")
    return f'<div id="{bound.auto_id}_error" class="field-error">{drawn}<div>{spans}</div></div>'


def _foot(bound: BoundField, errors: ErrorList) -> str:
    """Errors, the help text, which may hold HTML, and what HUD's question means."""
    found = _errors(bound, errors) if errors else ""
    meant = explained(bound.name, str(bound.label or ""))
    if not bound.help_text:
        return f"{found}{meant}"
    id_ = f'id="{bound.auto_id}_helptext" ' if bound.auto_id else ""
    return f'{found}<div {id_}class="form-text">{bound.help_text}</div>{meant}'


def _label(bound: BoundField, style: str) -> str:
    style = f"{style} requiredField" if bound.field.required else style
    return f'<label for="{bound.id_for_label}" class="{style}">{text(bound.label)}</label>'


def _legend(bound: BoundField, if_required: str = "") -> str:
    if not bound.label:
        return ""
    is_required = bound.field.required
    style, note = ("requiredField", if_required) if is_required else ("", "")
    return f'<legend class="{style}">{text(bound.label)}{note}</legend>'


def _fieldset(inner: str, described: str | None) -> str:
    shown = f' aria-describedby="{described}"' if described else ""
    return f"<fieldset{shown}>{inner}</fieldset>"


def _check(bound: BoundField, errors: ErrorList) -> str:
    control, label = _control(bound, errors), _label(bound, "form-check-label")
    return f'<div class="form-check">{control}\n{label}</div>{_foot(bound, errors)}'


def _control(bound: BoundField, errors: ErrorList) -> str:
    widget = bound.field.widget
    inner = getattr(widget, "widgets", None)
    if inner:  # several in one, such as a date and a time
        for one in inner:
            one.attrs["class"] = _style(one, errors)
        return str(bound)
    attrs = {"class": _style(getattr(widget, "widget", widget), errors)}
    if "data-date" in widget.attrs:
        return date_box(bound.as_widget(attrs=attrs))
    if not is_plain(widget):
        return bound.as_widget(attrs=attrs)
    attrs = bound.build_widget_attrs(attrs)
    if bound.auto_id and "id" not in widget.attrs:
        attrs["id"] = bound.auto_id
    return plain_select(widget, bound.html_name, bound.value(), attrs)


def date_box(control: str) -> str:
    """The box of a date, in which a script puts Today and the calendar beside it."""
    return f'<div class="date-box">{control}</div>'


def _style(widget: forms.Widget, errors: ErrorList) -> str:
    """The classes of a control: what it has, its kind, and Bootstrap's."""
    kind = "form-control"
    if isinstance(widget, forms.CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, forms.Select):
        kind = "form-select"
    given = widget.attrs.get("class", "").split()
    wanted = [type(widget).__name__.lower(), kind, *(["is-invalid"] if errors else [])]
    return " ".join(dict.fromkeys([*given, *wanted]))


def _choices(bound: BoundField, errors: ErrorList) -> str:
    """Radio buttons or checkboxes, each with its label."""
    widget: Any = bound.field.widget
    attrs = bound.build_widget_attrs({"id": widget.attrs.get("id") or bound.auto_id})
    style = "form-check-input is-invalid" if errors else "form-check-input"
    shown = []
    for group, options, _ in widget.optgroups(
        bound.html_name, widget.format_value(bound.value()), attrs
    ):
        if group:
            shown.append(f'<p class="small muted">{text(group)}</p>')
        for one in options:
            fixed = {"type": one["type"], "class": style, "name": bound.html_name}
            named = attributes({**fixed, "value": str(one["value"]), **one["attrs"]})
            shown.append(
                f'<div class="form-check"><input{named}>\n'
                f'<label for="{one["attrs"].get("id", "")}" class="form-check-label">'
                f"{text(one['label'])}</label></div>"
            )
    return f'<div class="choices">{"".join(shown)}</div>'
