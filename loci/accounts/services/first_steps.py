"""What a person says about themselves at the beginning, and may change at any time."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from loci.accounts.choices import NAME_ASKED, ConsentTo, NameShownTo
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.accounts.services.consents import give_consent, withdraw_consent
from loci.core.texts import one_line


@transaction.atomic
def say_name(
    *, person: User, name: str, title: str, others: Iterable[str] = ()
) -> User:
    """Keep name and title on one line each, and who else reads the mailbox."""
    person.name, person.title = one_line(name), one_line(title)
    person.also_here = [one_line(other) for other in others if one_line(other)]
    person.save(update_fields=["name", "title", "also_here", "updated_at"])
    return person


@transaction.atomic
def choose_languages(*, person: User, language: str, works_in: list[str]) -> User:
    """The language of pages and mails, and those in which others can be talked with."""
    person.language, person.works_in = language, works_in
    person.save(update_fields=["language", "works_in", "updated_at"])
    return person


@transaction.atomic
def choose_who_reads_name(
    *, person: User, shown_to: NameShownTo, now: datetime
) -> User:
    """Keep the choice, and when it was made under which words."""
    person.name_shown_to = shown_to
    person.welcomed_at = person.welcomed_at or now
    person.save(update_fields=["name_shown_to", "welcomed_at", "updated_at"])
    record(person, "chose who reads the name", person, str(shown_to))
    if shown_to == NameShownTo.NETWORK:
        words = f"{NAME_ASKED} {shown_to.label}"
        give_consent(person=person, to=ConsentTo.NAME, words=words, now=now)
    else:
        withdraw_consent(person=person, to=ConsentTo.NAME, now=now)
    return person
