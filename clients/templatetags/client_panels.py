from datetime import timedelta

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from clients import ssn
from clients.panels import panels
from records.models import Record
from records.templatetags.components import badge

RECENT = timedelta(days=7)  # for so long a change by somebody else is marked
AT_ONCE = timedelta(seconds=1)  # a row that was written once has both its moments within it

register = template.Library()


@register.simple_tag(takes_context=True)
def client_panels(context: template.Context, place: str) -> SafeString:
    """Render the panels of a place on a client's page."""
    rendered = ""
    for panel in panels(place, context["request"], context["client"]):
        with context.push(**panel.context):
            rendered += get_template(panel.template).template.render(context)
    return mark_safe(rendered)  # noqa: S308 -- templates escape


@register.simple_tag(takes_context=True)
def ssn_right(context, client) -> bool:
    """Whether the user of the page may reveal the client's SSN."""
    request = context["request"]
    return ssn.may_reveal_ssn(request.user, request.organization, client)


@register.simple_tag(takes_context=True)
def ssn_has_reason(context, client) -> bool:
    """Whether the reason that was given for this client still holds."""
    return bool(ssn.kept_reason(context["request"].session, client.pk))


@register.simple_tag(takes_context=True)
def recent_change(context: template.Context, row: Record) -> SafeString:
    """A mark on what somebody else added or changed lately; nothing on anything else."""
    by_oneself = row.updated_by_id == context["request"].user.pk
    if by_oneself or row.date_updated < timezone.now() - RECENT:
        return SafeString("")
    what = "New" if row.date_updated - row.date_created < AT_ONCE else "Changed"
    who = f" by {row.updated_by}" if type(row).updated_by.is_cached(row) else ""
    return badge(f"{what}{who}, {timezone.localtime(row.date_updated):%m/%d}", tone="info")
