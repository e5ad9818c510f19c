"""Say yes to a purpose, and take it back."""

from datetime import datetime

from django.db import transaction

from loci.accounts.choices import ConsentTo
from loci.accounts.models import Consent, User


@transaction.atomic
def give_consent(
    *, person: User, to: ConsentTo, words: str, now: datetime, about: str = ""
) -> Consent:
    """Keep who said yes, when, to which words; other words than before are a new yes."""
    standing = Consent.objects.standing().select_for_update()
    mine = standing.filter(person=person, purpose=to, about=about).first()
    if mine is not None and mine.words == words:
        return mine
    if mine is not None:
        withdraw_consent(to=to, about=about, person=person, now=now)
    return Consent.objects.create(
        person=person, purpose=to, about=about, words=words, given_at=now
    )


def withdraw_consent(
    *, to: ConsentTo, now: datetime, about: str = "", person: User | None = None
) -> int:
    """End a person's yes, or everybody's about one thing; returns how many ended."""
    standing = Consent.objects.standing().filter(purpose=to, about=about)
    if person is not None:
        standing = standing.filter(person=person)
    return standing.update(withdrawn_at=now)
