"""The states of a promise."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PromiseState(models.TextChoices):
    HEARD = "heard", _("Heard")
    DISCUSSED = "discussed", _("Discussed")
    DOING = "doing", _("Doing")
    DONE = "done", _("Done")
    NOT_DOING = "not_doing", _("Not doing")


LARGEST_UNMET = 5
