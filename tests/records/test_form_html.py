"""Controls and fields that Python writes are those that Django's templates would write."""

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from records.form_fields import DateField
from records.form_html import field_html, form_html
from records.widgets import Renderer, plain_select

GROUPED = [
    ("", "Choose…"),
    ("Answers", [(1, "Yes & no"), ("<2>", "No")]),
    (99, "Data not collected"),
]
ODD = '<b class="x">&\'</b>'
WIDGETS = [
    (forms.TextInput(attrs={"maxlength": 5, "data-on": True, "data-off": False}), ODD),
    (forms.TextInput(), None),
    (forms.NumberInput(), 0),
    (forms.DateInput(format="%m/%d/%Y"), date(2026, 3, 1)),
    (forms.EmailInput(), "alice@harbor.example"),
    (forms.HiddenInput(), 1234567),
    (forms.PasswordInput(), "never shown"),
    (forms.FileInput(), None),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.Textarea(attrs={"rows": 3}), f"\n{ODD}"),
    (forms.Textarea(), None),
    (forms.Select(choices=GROUPED), "1"),
    (forms.Select(choices=GROUPED, attrs={"data-x": "y"}), "<2>"),
    (forms.Select(choices=GROUPED), None),
    (forms.SelectMultiple(choices=GROUPED), ["1", "99"]),
    (forms.RadioSelect(choices=GROUPED), "99"),
    (forms.SplitDateTimeWidget(), None),
]


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_control_is_the_one_of_its_template(widget, value):
    attrs = {"id": "id_x", "class": "form-control", "required": True}
    ours = widget.render("x", value, attrs, Renderer())
    assert squeezed(ours) == squeezed(widget.render("x", value, attrs, TemplatesSetting()))


@pytest.mark.parametrize("value", ["1", 99, "<2>", "", None, "unknown"])
def test_list_without_a_dictionary_for_each_option_is_the_same(value):
    widget, attrs = forms.Select(choices=GROUPED, attrs={"data-x": "y"}), {"id": "id_x"}
    theirs = widget.render("x", value, attrs, TemplatesSetting())
    assert squeezed(plain_select(widget, "x", value, attrs)) == squeezed(theirs)


class AnswerForm(forms.Form):
    name = forms.CharField(label="Name & more", help_text="As on the <b>ID</b>.", max_length=9)
    day = DateField(required=False)
    answer = forms.ChoiceField(choices=GROUPED)
    races = forms.MultipleChoiceField(
        choices=[(1, "One"), (2, "Two")], widget=forms.CheckboxSelectMultiple, help_text="Any."
    )
    agreed = forms.BooleanField(label="Agreed")
    key = forms.CharField(widget=forms.HiddenInput)


def shown(form: forms.Form, name: str) -> str:
    return re.sub(r">\s+<", "><", field_html(form[name]))


def test_field_has_its_label_control_and_help_text():
    assert shown(AnswerForm(), "name") == (
        '<div id="div_id_name" class="field">'
        '<label for="id_name" class="form-label requiredField">Name &amp; more</label>'
        '<input type="text" name="name" maxlength="9" class="textinput form-control" required'
        ' aria-describedby="id_name_helptext" id="id_name">'
        '<div id="id_name_helptext" class="form-text">As on the <b>ID</b>.</div></div>'
    )


def test_field_says_its_errors_and_the_control_points_to_them():
    html = shown(AnswerForm({"name": "much too long"}), "name")
    assert html.startswith('<div id="div_id_name" class="field has-error">')
    assert 'class="textinput form-control is-invalid"' in html
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div id="id_name_error" class="field-error"><svg' in html
    assert html.index('id_name_error" class') < html.index("form-text")


def test_choices_are_a_fieldset_under_their_legend():
    html = shown(AnswerForm({"races": ["2"]}), "races")
    assert '<fieldset aria-describedby="id_races_helptext"><legend class="requiredField">' in html
    assert '<span class="visually-hidden"> (required)</span></legend>' in html
    ticked = re.findall(r'<input type="checkbox"[^>]*value="(\d)"[^>]*>', html)
    checked = re.findall(r'value="(\d)"[^>]*checked', html)
    assert (ticked, checked) == (["1", "2"], ["2"])
    assert '<label for="id_races_1" class="form-check-label">Two</label>' in html


def test_choice_between_true_and_false_sends_which():
    class Form(forms.Form):
        agreed = forms.ChoiceField(choices=[(True, "Yes"), (False, "No")], widget=forms.RadioSelect)

    assert re.findall(r'value="(\w+)"', shown(Form(), "agreed")) == ["True", "False"]


def test_checkbox_comes_before_its_label():
    html = shown(AnswerForm(), "agreed")
    assert '<div class="form-check"><input type="checkbox" name="agreed"' in html
    assert html.index("<input") < html.index('<label for="id_agreed"')


def test_hidden_field_is_its_control_alone():
    assert shown(AnswerForm(), "key") == '<input type="hidden" name="key" id="id_key">'


def test_whole_form_says_what_is_wrong_with_it_first():
    form = AnswerForm({})
    form.add_error(None, "Not <now>.")
    html = form_html(form)
    assert html.startswith('<div class="error-summary" role="alert"><ul><li>Not &lt;now&gt;.</li>')
    assert html.count('<div id="div_') == 5
