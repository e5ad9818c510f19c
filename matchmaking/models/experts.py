"""What experts can help with, for needs that no peer answers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Role
from localities.models import Membership, Topic
from loci.core.models import Stamped

HOURS_AT_MOST = 40


class ExpertiseQuerySet(models.QuerySet["Expertise"]):
    def standing(self) -> "ExpertiseQuerySet":
        """Not withdrawn, by people who are experts now."""
        experts = Membership.objects.current().filter(role=Role.EXPERT)
        return self.filter(
            withdrawn_at__isnull=True, person__in=experts.values("person")
        )


class Expertise(Stamped):
    """One topic on which an expert gives some hours a month."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="expertise"
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("what you have done"), max_length=1000)
    hours_a_month = models.PositiveSmallIntegerField(_("hours a month"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ExpertiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""), name="matchmaking_expertise_says_what"
            ),
            models.CheckConstraint(
                condition=Q(hours_a_month__range=(1, HOURS_AT_MOST)),
                name="matchmaking_expertise_hours_possible",
            ),
            models.UniqueConstraint(
                fields=["person", "topic"],
                condition=Q(withdrawn_at__isnull=True),
                name="matchmaking_expertise_once_a_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.topic}"
