"""Parts of pages that a template fills in; those that are only included are in templates/components."""

from django import template
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY

register = template.Library()


@register.simple_block_tag
def table(content: str, caption: str, *columns: str, frame: bool = True, style: str = "") -> str:
    """A table around its rows; a column in parentheses has a name for screen readers only."""
    head = [(name.strip("()"), name.startswith("(")) for name in columns if name]
    context = {"caption": caption, "columns": head, "frame": frame, "style": style}
    return render_to_string("components/table.html", context | {"rows": content})


@register.simple_tag(takes_context=True)
def repeat_block(context: template.Context, name: str) -> str:
    """What the page says in a block, once more."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context)
