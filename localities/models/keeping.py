"""What one person keeps of the directory for themselves: places, and open questions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.models.places import Locality
from loci.core.models import Stamped


class SavedPlace(Stamped):
    """A locality that one person keeps at hand; nobody else sees it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_places"
    )
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("saved locality")
        verbose_name_plural = _("saved localities")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "locality"], name="localities_savedplace_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.locality)


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def waiting(self) -> "SavedSearchQuerySet":
        """Nobody fitted so far, and the person is still here."""
        return self.filter(told_at__isnull=True, person__is_active=True)


class SavedSearch(Stamped):
    """A question to the directory that nobody answered: the person is told once.

    `asked` are its filters by name, as they stand in the address; words under `q`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_searches",
    )
    asked = models.JSONField(_("filters"))
    looked_at = models.DateTimeField(_("last looked"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "asked"],
                condition=Q(told_at__isnull=True),
                name="localities_savedsearch_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(asked={}), name="localities_savedsearch_asks_something"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.asked.items())
