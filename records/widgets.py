"""The controls of forms as HTML, written by Python.

Django renders each control by templates that include one another, and reads the same choices for
each of dozens of lists on a page: half of the time of a form's page. What is written here is what
those templates write; any other widget is still rendered by its template.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.widgets import ChoiceWidget, Select
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime

FOLDER = "django/forms/widgets/"
INPUTS = (
    *("checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number"),
    *("password", "search", "tel", "text", "time", "url"),
)


class Renderer(TemplatesSetting):
    """Writes Django's own controls itself, and takes a template for every other thing."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return SafeString(write(context["widget"]))


def text(value: Any) -> str:
    """A value as it stands in HTML."""
    if type(value) is str:  # most: Django asks of each whether it is lazy, which costs more
        return escape(value)
    return conditional_escape(
        value if isinstance(value, str) else localize(template_localtime(value))
    )


def raw(value: Any) -> str:
    """A value as Python writes it: codes and numbers stay as browsers send them back."""
    if type(value) is str:
        return escape(value)
    return conditional_escape(value if isinstance(value, str) else str(value))


def attributes(attrs: Mapping[str, Any]) -> str:
    """Attributes with a blank before each; True is one without a value, False is none."""
    return "".join(
        f" {name}" if value is True else f' {name}="{raw(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def select(name: str, attrs: Mapping[str, Any], options: Iterable[str]) -> str:
    """A drop-down; `options` are those of `option` and the tags of groups."""
    return f'<select name="{raw(name)}"{attributes(attrs)}>{"".join(options)}\n</select>'


def option(value: Any, label: Any, extra: str = "") -> str:
    return f'\n  <option value="{raw(value)}"{extra}>{text(label)}</option>'


def is_plain(widget: Any) -> bool:
    """Whether a widget is a drop-down of which nothing but the choices is its own."""
    kind = type(widget)
    return (
        isinstance(widget, Select)
        and not widget.allow_multiple_selected
        and widget.template_name == Select.template_name
        and widget.option_template_name == Select.option_template_name
        and kind.get_context is Select.get_context
        and kind.optgroups is ChoiceWidget.optgroups
        and kind.create_option is ChoiceWidget.create_option
    )


def plain_select(widget: Any, name: str, value: Any, attrs: Mapping[str, Any]) -> str:
    """A drop-down whose widget `is_plain`, without a dictionary for each of its options."""
    chosen = set(widget.format_value(value))
    options: list[str] = []

    def add(code: Any, label: Any) -> None:
        code = "" if code is None else code
        is_chosen = str(code) in chosen
        options.append(option(code, label, " selected" if is_chosen else ""))
        if is_chosen:
            chosen.clear()  # one alone is selected, as Django does

    for code, label in widget.choices:
        if isinstance(label, (list, tuple)):
            options.append(_group(code))
            for inner, inner_label in label:
                add(inner, inner_label)
            options.append("\n  </optgroup>")
        else:
            add(code, label)
    return select(name, {**widget.attrs, **attrs}, options)


def _group(name: Any) -> str:
    return f'\n  <optgroup label="{text(name)}">' if name else ""


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{raw(value)}"'
    name, kind = raw(widget["name"]), widget["type"]
    return f'<input type="{kind}" name="{name}"{shown}{attributes(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    name, value, attrs = widget["name"], widget["value"], attributes(widget["attrs"])
    return f'<textarea name="{raw(name)}"{attrs}>\n{text(value) if value else ""}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    options: list[str] = []
    for group, choices, _ in widget["optgroups"]:
        options.append(_group(group))
        options += [option(one["value"], one["label"], attributes(one["attrs"])) for one in choices]
        options.append("\n  </optgroup>" if group else "")
    return select(widget["name"], widget["attrs"], options)


WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}
