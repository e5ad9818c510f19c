"""What a drill needs inside the product's own settings: a wave of synthetic pairs, a count.

`python -m tests.chaos build PAIRS FILE` writes who can save what, with a session each;
`python -m tests.chaos count FILE` writes what the database holds.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from loci.accounts.models import User  # noqa: E402
from loci.notices.choices import NoticeState  # noqa: E402
from loci.notices.models import Notice  # noqa: E402
from surveys.models import Answer, AnswerVersion, Part, Reminder  # noqa: E402
from tests.bench.saving import a_wave_of  # noqa: E402


def build(pairs: int) -> dict[str, Any]:
    """A wave whose reminders are due now; each person has a session and a part."""
    with transaction.atomic():  # the product is running: it sees all of it or nothing
        wave = a_wave_of(pairs, timezone.now())
    people = []
    rows = Part.objects.filter(wave=wave).select_related("locality").order_by("pk")
    for part in rows:
        person = User.objects.get(
            memberships__organisation__seats__locality=part.locality,
            memberships__organisation__seats__side=part.side,
        )
        people.append({"part": part.reference, "session": _session(person)})
    return {"cookie": settings.SESSION_COOKIE_NAME, "people": people}


def _session(person: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def count() -> dict[str, Any]:
    """Every accepted text by part, the reminders, and what waits in the outbox."""
    versions = AnswerVersion.objects.order_by("answer", "version")
    texts: dict[str, list[str]] = {}
    for part, value in versions.values_list("answer__part__reference", "value"):
        texts.setdefault(part, []).append(value[0]["value"])
    now = Answer.objects.values_list("part__reference", "value")
    reminders = Notice.objects.filter(kind="reminder")
    return {
        "history": texts,
        "now": {part: value[0]["value"] for part, value in now},
        "reminders": Reminder.objects.count(),
        "people": Reminder.objects.values("person").distinct().count(),
        "sent": reminders.filter(state=NoticeState.SENT).count(),
        "waiting": reminders.exclude(state=NoticeState.SENT).count(),
    }


def main(what: str, *given: str) -> None:
    found = build(int(given[0])) if what == "build" else count()
    Path(given[-1]).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
