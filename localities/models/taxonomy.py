"""What can be learned: areas, topics, sectors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from loci.core.texts import in_reader_language


class Term(models.Model):
    """A word of the taxonomy: a code, its English name, its name by language."""

    name = models.CharField(_("name"), max_length=120)
    names = models.JSONField(_("name by language"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_reader_language({"en": self.name, **self.names})


class LearningArea(Term):
    """One of the network's learning areas."""

    code = models.SlugField(_("code"), unique=True)

    class Meta:
        verbose_name = _("learning area")
        verbose_name_plural = _("learning areas")


class Topic(Term):
    """One topic of a learning area, with what it covers."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    area = models.ForeignKey(
        LearningArea, on_delete=models.PROTECT, related_name="topics"
    )
    scope = models.TextField(_("what it covers"), blank=True)
    sources = models.JSONField(default=list, blank=True)
    related = models.ManyToManyField(
        "self", blank=True, verbose_name=_("related topics")
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Sector(Term):
    """A field of public spending."""

    code = models.SlugField(_("code"), unique=True)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
