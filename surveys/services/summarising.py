"""A coordinator puts a wave into words."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text
from surveys.choices import SHOWN_IN
from surveys.models import Analysis


class NotShownYet(Refused):
    """Results are put into words once everybody may read them."""


@transaction.atomic
def write_words(*, analysis: Analysis, words: str, by: User, now: datetime) -> Analysis:
    """Keep the words that come first on the results page; empty brings the counts back.

    Raises NotShownYet.
    """
    rows = Analysis.objects.select_for_update(of=("self",)).select_related("wave")
    analysis = rows.get(pk=analysis.pk)
    if analysis.wave.state not in SHOWN_IN:
        raise NotShownYet(_("Results can be put into words once the wave is closed."))
    analysis.words, analysis.words_at = clean_text(words).strip(), now
    analysis.save(update_fields=["words", "words_at"])
    record(by, "put into words", analysis)
    return analysis
