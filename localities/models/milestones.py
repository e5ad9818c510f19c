"""Milestones: what mattered on a locality's way, for its timeline."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy as _

from localities.choices import Audience, MilestoneKind, Phase
from localities.models.places import Locality
from localities.models.profiles import readable_by
from localities.models.taxonomy import Topic
from loci.accounts.models import User
from loci.core.models import Stamped


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, person: User | None) -> "MilestoneQuerySet":
        return self.filter(readable_by(person))


class Milestone(Stamped):
    """One event of a locality's way that matters to others."""

    locality = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="milestones"
    )
    kind = models.CharField(_("what"), max_length=20, choices=MilestoneKind.choices)
    on = models.DateField(_("day"))
    text = models.CharField(_("in one line"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    phase = models.CharField(max_length=20, choices=Phase.choices, blank=True)
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    visibility = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.PUBLIC,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MilestoneKind.values),
                name="localities_milestone_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Audience.PAIR.and_wider),
                name="localities_milestone_visibility_known",
            ),
            models.CheckConstraint(
                condition=(Q(kind=MilestoneKind.PHASE) & ~Q(phase=""))
                | (~Q(kind=MilestoneKind.PHASE) & Q(phase="")),
                name="localities_milestone_phase_has_one",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The line of the timeline, in the reader's language."""
        if self.kind == MilestoneKind.PHASE:
            return gettext("Moved on to the phase “%(phase)s”") % {
                "phase": Phase(self.phase).label
            }
        if self.topic is not None:
            return f"{MilestoneKind(self.kind).label}: {self.topic.label}"
        if self.text:
            return f"{MilestoneKind(self.kind).label}: {self.text}"
        return str(MilestoneKind(self.kind).label)
