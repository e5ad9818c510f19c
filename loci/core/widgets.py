"""Inputs that the product writes itself."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _


class LongSelect(forms.Select):
    """A select of many choices, written in one go.

    Django writes each choice by a template; with three lists of 80 topics on a page that
    is a third of its cost. The markup is the same.
    """

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        chosen = set(self.format_value(value))
        lines: list[str] = []
        for code, label in self.choices:
            if isinstance(label, (list, tuple)):
                inner = _options(label, chosen)
                lines.append(
                    f'<optgroup label="{escape(str(code))}">{inner}</optgroup>'
                )
            else:
                lines.append(_options([(code, label)], chosen))
        own = written(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return mark_safe(f"<select{own}>{''.join(lines)}</select>")  # noqa: S308  # all parts are escaped


def written(attributes: dict[str, Any]) -> str:
    """Attributes as a tag holds them, escaped; those that are None or False are not."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )


def _options(rows: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
    return "".join(
        f'<option value="{escape(code)}"{" selected" if code in chosen else ""}>'
        f"{escape(str(label))}</option>"
        for code, label in (
            ("" if code is None else str(code), label) for code, label in rows
        )
    )


class TopicSelect(LongSelect):
    """A long list with a box above it that shortens it, where scripts run."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shorten = {"data-topic-filter": _("Type to shorten the list")}
        super().__init__({**shorten, **(attrs or {})})
