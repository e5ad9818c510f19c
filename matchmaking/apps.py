from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchmakingConfig(AppConfig):
    name = "matchmaking"
    verbose_name = _("Suggestions")

    def ready(self) -> None:
        """What waits in the outbox is asked about once more before it goes."""
        import_module("matchmaking.services.still_due")
