"""What was said: answers to questions, with every version kept."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import OrganisationKind
from localities.models import Membership, Region, Seat
from loci.accounts.models import User
from loci.core.models import Stamped
from surveys.choices import StatementSide, Visibility
from surveys.models.survey import Question
from surveys.models.wave import Part


def readable_by(person: User, *, locality: str, side: str) -> Q:
    """The rule of visibility as one condition.

    `locality` and `side` name the columns of the thing that carries `visibility`.
    """
    seats = Seat.objects.held_by(person)
    pair = Exists(seats.filter(locality=OuterRef(locality)))
    own_side = Exists(seats.filter(locality=OuterRef(locality), side=OuterRef(side)))
    coordinating = Membership.objects.coordinating(person)
    network = Exists(coordinating.filter(organisation__kind=OrganisationKind.CONVENER))
    hub = Q(**{f"{locality}__region__in": Region.objects.coordinated_by(person)})
    anyone = Exists(Membership.objects.current().filter(person=person))
    return (
        Q(own_side)
        | Q(network)
        | Q(hub, visibility__in=[Visibility.COORDINATORS, Visibility.PAIR])
        | Q(pair, visibility=Visibility.PAIR)
        | Q(anyone, visibility=Visibility.NETWORK)
        | Q(visibility=Visibility.PUBLIC)
    )


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, person: User) -> "AnswerQuerySet":
        """What this person may read now; what is written together, both sides read."""
        pair = Seat.objects.held_by(person).filter(locality=OuterRef("part__locality"))
        together = Q(Exists(pair), part__side=StatementSide.JOINT)
        return self.filter(
            readable_by(person, locality="part__locality", side="part__side") | together
        )


class Answer(Stamped):
    """The present answer of one side to one question."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="answers"
    )
    value = models.JSONField(_("answer"))
    visibility = models.CharField(
        _("who sees it"), max_length=20, choices=Visibility.choices
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["part", "question"], name="surveys_answer_once_a_part"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values),
                name="surveys_answer_visibility_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} · {self.question}"


class AnswerVersion(models.Model):
    """One accepted save; append-only, so that nothing acknowledged is ever lost.

    The database writes these by itself (a trigger on answers, migration 0010): no way of
    saving an answer can leave its history out.
    """

    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="versions"
    )
    version = models.PositiveIntegerField()
    value = models.JSONField()
    visibility = models.CharField(max_length=20, choices=Visibility.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "version"], name="surveys_answerversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} v{self.version}"
