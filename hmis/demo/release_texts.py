"""The text of the demonstration that clients sign: the sample, which says that it is one."""

from consent.models import ReleaseTemplate, TemplateVersion
from consent.texts.actions import publish, seen, start_draft
from hmis.demo.context import Context


def add_release_texts(context: Context) -> TemplateVersion:
    """Publish the CoC's text, for every agency."""
    by = context.agencies.users["admin"]
    template = ReleaseTemplate.objects.create(created_by=by)
    draft = start_draft(template=template, by=by)
    return publish(version=draft, seen_as=seen(draft), by=by)
