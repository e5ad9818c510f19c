"""Fields of the admin in which one row, or some, are searched while one types."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest

from loci.core.http import whole


class OneSearched(AutocompleteSelect):
    """Shows again what was chosen; what is no key of a row was nothing."""

    def optgroups(self, name: str, value: Sequence[Any], attr: Any = None) -> Any:
        return super().optgroups(name, _keys(value), attr)


class SomeSearched(AutocompleteSelectMultiple):
    """The same for more than one."""

    def optgroups(self, name: str, value: Sequence[Any], attr: Any = None) -> Any:
        return super().optgroups(name, _keys(value), attr)


def _keys(value: Sequence[Any]) -> list[str]:
    return [str(one) for one in value if whole(str(one))]


class Searched(BaseModelAdmin):
    """Gives `autocomplete_fields` these widgets: Django's own fail at odd keys."""

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneSearched(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SomeSearched(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
