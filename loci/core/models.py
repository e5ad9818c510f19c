"""What every table shares. No tables of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamped(models.Model):
    """A row that knows when it was made and last changed (UTC)."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False)

    class Meta:
        abstract = True
