from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from clients.panels import panels

register = template.Library()


@register.simple_tag(takes_context=True)
def client_panels(context: template.Context, place: str) -> SafeString:
    """Render the panels of a place on a client's page."""
    return mark_safe("".join(_rendered(context, place)))  # noqa: S308 -- templates escape


def _rendered(context: template.Context, place: str):
    for panel in panels(place, context["request"], context["client"]):
        with context.push(**panel.context):
            yield get_template(panel.template).template.render(context)
