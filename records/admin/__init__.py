"""The Data Quality workspace: Django admin, within the officer's own organizations (11.1).

A package adds to it
- a list: a `ScopedAdmin` or `ReadOnlyAdmin` in its own `admin.py`, and a line in `hmis.menus`;
- a page: a view wrapped in `admin_site.admin_view` in the `get_urls` of its admin class, with a
  template that extends `admin/base_site.html` (blocks: title, content_title, content_subtitle,
  breadcrumbs, object-tools, content);
- a card on the start page: a callable `(request) -> Card | None` in
  `settings.DATA_QUALITY_CARDS`.
"""

from records.admin.cards import Card, list_card, waiting, waiting_on_list
from records.admin.filters import BoxFilter, ClientFilter, FromDay, ToDay
from records.admin.inlines import ScopedInline, SoftDeletedFormSet
from records.admin.lists import column
from records.admin.scoped import (
    OrganizationFilter,
    ReadOnlyAdmin,
    ScopedAdmin,
    own_organizations,
    page_number,
    render_in_workspace,
)
