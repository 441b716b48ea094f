"""A client in a line of results, written by Python: there are dozens on a page."""

from django import template
from django.utils.safestring import SafeString

from clients.models import Client, ClientSearch
from records.widgets import text

NO_DATE = '<span class="muted">Not known</span>'
NO_SSN = '<span class="muted">None</span>'
APPROXIMATE = ' <span class="muted small">approximate</span>'

register = template.Library()


@register.simple_tag
def client_link(client: Client, search: ClientSearch) -> SafeString:
    """The name: it leads to the dashboard, or back to the page that asked who is meant."""
    url = f"{search.choose_url}{client.pk}" if search.return_to else client.get_absolute_url()
    return SafeString(f'<a href="{text(url)}"><bdi>{text(client.sorted_name)}</bdi></a>')


@register.simple_tag
def client_cells(client: Client) -> SafeString:
    """What tells people of one name apart: Client ID, date of birth, age, SSN and sex."""
    mark = APPROXIMATE if client.has_approximate_dob else ""
    born = f"{text(str(client.born))}{mark}" if client.dob else NO_DATE
    age = "—" if client.age is None else client.age
    ssn = text(client.masked_ssn) or NO_SSN
    return SafeString(
        f'<td class="num" data-label="Client ID">{client.pk}</td>'
        f'<td class="date" data-label="Date of Birth">{born}</td>'
        f'<td class="num" data-label="Age">{age}</td>'
        f'<td class="date" data-label="SSN">{ssn}</td>'
        f'<td data-label="Sex">{text(client.get_sex_display())}</td>'
    )
