"""Jobs that end the process that does them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped


class StuckJob(Stamped):
    """One job whose process has ended before it: how often it was tried.

    After the last try it is put aside until a coordinator lets it be tried again.
    """

    key = models.CharField(_("message"), max_length=200, unique=True)
    job = models.CharField(_("job"), max_length=80)
    ids = models.JSONField(_("about"), default=dict, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=1)
    parked_at = models.DateTimeField(_("put aside"), null=True, blank=True)

    class Meta:
        verbose_name = _("stuck job")
        verbose_name_plural = _("stuck jobs")

    def __str__(self) -> str:
        return self.job
