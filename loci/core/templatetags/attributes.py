"""Attributes of HTML out of a widget's dictionary."""

from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def attributes(named: dict[str, Any], without: str = "") -> SafeString:
    """As Django writes them, but for the names `without` (with spaces between)."""
    left_out = without.split()
    return flatatt(
        {
            name: value
            for name, value in named.items()
            if value is not None and name not in left_out
        }
    )
