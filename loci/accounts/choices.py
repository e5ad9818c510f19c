"""The words of people: who may read their names, which languages they work in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NameShownTo(models.TextChoices):
    """Who reads a person's name and title beside their organisation."""

    PAIR = "pair", _("Both sides of my pair, my hub and the coordinators")
    NETWORK = "network", _("Members of the network too")


class ConsentTo(models.TextChoices):
    """What is done only with somebody's yes; each is given and taken back by itself."""

    NAME = "name", _("Members of the network read my name and what I do")
    PROFILE = "profile", _("Visitors read the profile of our locality")


NAME_ASKED = _("Who may read your name and what you do?")
PROFILE_ASKED = _(
    "Everyone may read what our side wrote for everyone, and which organisation"
    " sits on our side. Our side can take this back at any time."
)
WORK_LANGUAGES = (
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("id", "Bahasa Indonesia"),
    ("ru", "Русский"),
    ("uk", "Українська"),
    ("pt", "Português"),
    ("sw", "Kiswahili"),
    ("tl", "Filipino"),
    ("ka", "ქართული"),
    ("hy", "Հայերեն"),
    ("ro", "Română"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("ar", "العربية"),
    ("ha", "Hausa"),
)

OTHERS_AT_MOST = 4  # names beside the first, behind one mailbox
