"""A file that a coordinator has sent and not yet taken."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped


class ImportDraft(Stamped):
    """Rows of one file, kept for a day between the look and the yes."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("file to take")
        verbose_name_plural = _("files to take")

    def __str__(self) -> str:
        return self.file_name
