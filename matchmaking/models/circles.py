"""Three to eight localities with one need, who look for the answer together."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Region, Topic
from loci.accounts.models import User
from loci.core.models import Stamped
from matchmaking.choices import CircleState, ReplyAnswer
from matchmaking.models.rounds import Round
from matchmaking.models.suggestions import speaks_for
from surveys.models import Statement


class CircleQuerySet(models.QuerySet["Circle"]):
    def coordinated_by(self, person: User) -> "CircleQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(
            pk__in=CircleMember.objects.filter(locality__region__in=regions).values(
                "circle"
            )
        )

    def shown_to(self, person: User) -> "CircleQuerySet":
        """Circles that a coordinator let through to this person's own pair."""
        own = CircleMember.objects.filter(speaks_for(person, "locality"))
        return self.filter(
            state__in=[CircleState.APPROVED, CircleState.FORMED],
            pk__in=own.values("circle"),
        )


class Circle(Stamped):
    """One proposed or formed circle."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="circles")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=CircleState.choices,
        default=CircleState.PROPOSED,
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    formed_at = models.DateTimeField(_("formed"), null=True, blank=True)

    objects = CircleQuerySet.as_manager()

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CircleState.values),
                name="matchmaking_circle_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=CircleState.FORMED) | Q(formed_at__isnull=False),
                name="matchmaking_circle_formed_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class CircleMember(Stamped):
    """One locality that a circle is proposed to, with its need and its answer."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(
        _("reply"),
        max_length=20,
        blank=True,
        choices=[
            (ReplyAnswer.YES.value, ReplyAnswer.YES.label),
            (ReplyAnswer.NOT_FOR_US.value, ReplyAnswer.NOT_FOR_US.label),
        ],
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a circle")
        verbose_name_plural = _("members of circles")
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "locality"], name="matchmaking_member_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(
                    answer__in=[ReplyAnswer.YES, ReplyAnswer.NOT_FOR_US],
                    answered_at__isnull=False,
                ),
                name="matchmaking_member_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle}: {self.locality}"
