"""Talks at tables: when there is time for them, who wants whom, who sits where."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from meetings.models.meeting import Meeting
from meetings.models.places import Place


class TalkTime(Stamped):
    """A short time at tables; times of one block follow each other without a pause."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="talk_times"
    )
    day = models.DateField(_("day"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("time for talks")
        verbose_name_plural = _("times for talks")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "day", "begins"], name="meetings_talktime_once"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")), name="meetings_talktime_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.} {self.begins:%H:%M}"


class TalkWish(Stamped):
    """One person who comes would like to talk to another who comes."""

    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, related_name="talk_wishes"
    )
    other = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="wished_by")

    class Meta:
        verbose_name = _("wish for a talk")
        verbose_name_plural = _("wishes for talks")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "other"], name="meetings_talkwish_once"
            ),
            models.CheckConstraint(
                condition=~Q(place=F("other")), name="meetings_talkwish_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} → {self.other}"


class Talk(Stamped):
    """One table at one time."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="talks")
    time = models.ForeignKey(TalkTime, on_delete=models.CASCADE, related_name="talks")
    table = models.PositiveSmallIntegerField(_("table"))
    is_mutual = models.BooleanField(default=False)
    needs = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        constraints = [
            models.UniqueConstraint(
                fields=["time", "table"], name="meetings_talk_one_at_a_table"
            )
        ]

    def __str__(self) -> str:
        return f"{self.time}, {self.table}"


class TalkSeat(Stamped):
    """One person at a table; nobody sits at two at a time."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="seats")
    time = models.ForeignKey(TalkTime, on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, related_name="talk_seats"
    )

    class Meta:
        verbose_name = _("seat at a table")
        verbose_name_plural = _("seats at tables")
        constraints = [
            models.UniqueConstraint(
                fields=["time", "place"], name="meetings_talkseat_not_twice_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.talk}"
