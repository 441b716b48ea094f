"""A line of My caseload, written by Python: a page has dozens."""

from django import template
from django.utils.safestring import SafeString

from enrollments.assignments.caseload import Case
from records.templatetags.components import badge
from records.widgets import text

register = template.Library()


@register.simple_tag
def caseload_row(case: Case, *, is_selected: bool) -> SafeString:
    """Who it is, what is due and since when; with a box to select what may be handed over."""
    assignment, client = case.assignment, case.assignment.client
    name, project = text(client.sorted_name), text(str(assignment.enrollment.project))
    tick, due, what = "", "—", "—"
    if case.may_be_handed_over:
        checked = " checked" if is_selected else ""
        tick = (
            '<label class="tick"><input type="checkbox" class="form-check-input" name="assignment"'
            f' value="{assignment.pk}"{checked}>'
            f'<span class="visually-hidden">Select {name}, {project}</span></label>'
        )
    if case.due:
        mark = f" {badge(case.label, tone=case.tone)}" if case.tone else ""
        due, what = text(case.due.on), f"{text(case.due.what)}{mark}"
    return SafeString(
        f'<tr><td class="cell-actions">{tick}</td>'
        '<th scope="row" data-label="Client">'
        f'<a href="{text(client.get_absolute_url())}"><bdi>{name}</bdi></a></th>'
        f'<td class="text-nowrap" data-label="Due">{due}</td>'
        f'<td data-label="What is due">{what}</td>'
        '<td data-label="Enrollment"><a class="fw-normal"'
        f' href="{text(assignment.enrollment.get_absolute_url())}">{project}</a></td>'
        f'<td class="num" data-label="Client ID">{client.pk}</td>'
        f'<td class="text-nowrap" data-label="Since">{text(assignment.begins_on)}</td></tr>'
    )
