from django import template

from clients import ssn

register = template.Library()


@register.simple_tag(takes_context=True)
def ssn_right(context, client) -> bool:
    """Whether the user of the page may reveal the client's SSN."""
    request = context["request"]
    return ssn.may_reveal_ssn(request.user, request.organization, client)


@register.simple_tag(takes_context=True)
def ssn_has_reason(context, client) -> bool:
    """Whether the reason that was given for this client still holds."""
    return bool(ssn.kept_reason(context["request"].session, client.pk))
