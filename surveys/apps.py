from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Waves and answers")

    def ready(self) -> None:
        """What waits in the outbox is asked about once more before it goes."""
        import_module("surveys.services.still_due")
