"""What every page of the coordinators' admin shares."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from localities.choices import OrganisationKind
from localities.models import Membership
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.cockpit.searched import Searched
from loci.core.errors import Refused
from loci.core.http import whole


def person_of(request: HttpRequest) -> User:
    """The coordinator at the door; the site has let only those in."""
    if not isinstance(request.user, User):
        raise TypeError("the cockpit opens to people who are signed in")
    return request.user


def coordinates_network(request: HttpRequest) -> bool:
    """Asked once per request: a role that ends is gone with the next."""
    return OrganisationKind.CONVENER in kinds_coordinated(request)


def kinds_coordinated(request: HttpRequest) -> frozenset[str]:
    """The kinds of organisations in which this person coordinates now."""
    known: frozenset[str] | None = getattr(request, "kinds_coordinated", None)
    if known is None:
        places = Membership.objects.coordinating(person_of(request))
        kinds = places.order_by().values_list("organisation__kind", flat=True)
        known = frozenset(kinds.distinct())
        request.kinds_coordinated = known  # type: ignore[attr-defined]
    return known


StrOrPromise = str | Promise
FILTER_ENDS = ("exact", "id__exact", "pk__exact", "isnull", "isempty", "gte", "lt")
"""How Django's own filters end the name of a column in an address."""


def _asked_as(entry: Any) -> str:
    """What a filter of a list is called in an address."""
    if isinstance(entry, str | tuple):
        return entry if isinstance(entry, str) else str(entry[0])
    return str(entry.parameter_name)


class CockpitAdmin(Searched, ModelAdmin):
    """Rights by role: hubs see their regions, the network's coordinators all.

    A model admin says what of it a person may see (`seen_by`), and whether hubs may
    change it (`hubs_change`). Nothing is deleted here.
    """

    hubs_see = True
    hubs_change = False
    can_add = False
    actions_selection_counter = True
    list_per_page = 50

    def get_action_choices(self, request: HttpRequest, *_given: Any) -> Any:
        return super().get_action_choices(request, [("", str(_("Choose what to do")))])

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Nothing chosen is said in words."""
        is_open = db_field.blank or not (db_field.has_default() or "initial" in kwargs)
        nothing = [("", _("Not chosen yet"))]
        rows = db_field.get_choices(include_blank=is_open, blank_choice=nothing)
        given = {"choices": rows, **kwargs}
        return super().formfield_for_choice_field(db_field, request, **given)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        given = {"empty_label": _("Not chosen yet"), **kwargs}
        return super().formfield_for_foreignkey(db_field, request, **given)

    def seen_by(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        """The rows of this person's regions; all of them for the whole network."""
        return rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.seen_by(super().get_queryset(request), person_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        allowed = self.hubs_see or coordinates_network(request)
        return allowed and self._is_seen(request, obj)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        allowed = self.hubs_change or coordinates_network(request)
        return allowed and self._is_seen(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and coordinates_network(request)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def require_view(self, request: HttpRequest) -> None:
        """A page of our own opens to those who may see the list."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _is_seen(self, request: HttpRequest, obj: Model | None) -> bool:
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        """Only what the list offers as a filter: any other column could be guessed."""
        filters = self.get_list_filter(request)  # type: ignore[arg-type]
        return any(
            lookup in {name, *(f"{name}__{end}" for end in FILTER_ENDS)}
            for name in map(_asked_as, filters)
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What an address proposes for a new row; numbers that are none are left out."""
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if self._fits(name, value)}

    def _fits(self, name: str, value: Any) -> bool:
        known = {field.name: field for field in self.opts.get_fields()}
        if name not in known or not known[name].is_relation:
            return True
        values = value if isinstance(value, list) else [value]
        return all(whole(str(one)) for one in values)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *where: Any
    ) -> HttpResponse | None:
        """Do it with the ticked rows; what no list of ours can post is nobody's row."""
        if not all(map(whole, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest
        return super().response_action(request, queryset, *where)

    def save_model(
        self, request: HttpRequest, obj: Model, form: Any, change: Any
    ) -> None:
        """Save plain facts, with who did it; states change by services only."""
        super().save_model(request, obj, form, change)
        record(person_of(request), "changed" if change else "added", obj)

    def each_by_service(
        self,
        request: HttpRequest,
        rows: Iterable[Any],
        service: Any,
        done: StrOrPromise,
    ) -> None:
        """Call `service(row)` for each row; say how many were done and why others not."""
        count = 0
        for row in rows:
            try:
                service(row)
            except Refused as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.WARNING)
            else:
                count += 1
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)


class ReadOnlyAdmin(CockpitAdmin):
    """Rows that are read here and written by services only."""

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False


class WithMoreToRead(CockpitAdmin):
    """A row whose page shows more than its fields (`more_to_read`, for the template)."""

    def more_to_read(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row, more = self.get_object(request, object_id), dict(extra_context or {})
        if row is not None and self.has_view_permission(request, row):
            more |= self.more_to_read(request, row)
        return super().change_view(request, object_id, form_url, more)
