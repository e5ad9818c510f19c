"""Where people and their places are saved: the last coordinator cannot go by mistake."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from localities.services.coordinating import LastCoordinator, somebody_coordinates
from loci.cockpit.base import CockpitAdmin


class KeepsACoordinator(CockpitAdmin):
    """What is saved here never takes the network's last coordinator."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        try:
            with somebody_coordinates():
                return super().changeform_view(request, *args, **kwargs)
        except LastCoordinator as refusal:
            list(messages.get_messages(request))  # that it was saved: it is taken back
            self.message_user(request, str(refusal), messages.WARNING)
            return redirect(request.path)
