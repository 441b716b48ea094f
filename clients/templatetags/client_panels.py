from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from clients import ssn
from clients.panels import panels

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
