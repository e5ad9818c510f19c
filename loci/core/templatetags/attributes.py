"""Attributes of HTML out of a widget's dictionary."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from loci.core.widgets import written

register = template.Library()


@register.filter
def attributes(named: dict[str, Any], without: str = "") -> SafeString:
    """As Django writes them, but for the names `without` (with spaces between)."""
    left_out = without.split()
    kept = {name: value for name, value in named.items() if name not in left_out}
    return mark_safe(written(kept))  # noqa: S308  # escaped there
