"""Who was told of an opening and reminded of a missing part; who put that off."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.core.models import Stamped
from surveys.choices import StatementSide
from surveys.models.wave import Wave


class Reminder(Stamped):
    """One reminder to one person about the missing parts of one pair.

    Number 0 told them that the survey is open: once in a wave, whatever pairs are theirs.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="reminders")
    locality = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="reminders"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    sides = ArrayField(
        models.CharField(max_length=20, choices=StatementSide.choices),
        verbose_name=_("of these parts"),
    )
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by hand of"),
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "locality", "person", "number"],
                name="surveys_reminder_once",
            ),
            models.UniqueConstraint(
                fields=["wave", "person"],
                condition=models.Q(number=0),
                name="surveys_reminder_opening_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.locality} · {self.person} · {self.number}"


class Snooze(Stamped):
    """A person asked not to be reminded of a wave before a moment."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="snoozes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snoozes"
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("put off")
        verbose_name_plural = _("put off")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "person"], name="surveys_snooze_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} · {self.person}"
