"""Stop one kind of mail with one click, and take that back (RFC 8058)."""

from django.conf import settings
from django.core import signing

from loci.accounts.models import User
from loci.notices.choices import ALWAYS_SENT, NoticeKind
from loci.notices.models import Stop

SALT = "loci.notices.stop"


def site() -> str:
    """The address under which people reach us, without a slash at its end."""
    return settings.LOCI_SITE_URL.rstrip("/")


def can_be_stopped(kind: str) -> bool:
    return kind not in ALWAYS_SENT


def stop_link(person: User, kind: str) -> str:
    """The address that stops this kind for this person, always the same one.

    Empty if it cannot be stopped.
    """
    if not can_be_stopped(kind):
        return ""
    token = signing.Signer(salt=SALT).sign_object([person.pk, kind])
    return f"{site()}/mails/stop/{token}/"


def stop_headers(person: User, kind: str) -> dict[str, str]:
    """What lets a mail program offer *unsubscribe* and do it by one request."""
    link = stop_link(person, kind)
    if not link:
        return {}
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read_token(token: str) -> tuple[User, NoticeKind] | None:
    """Who and what a link is about; None for one that we have not made."""
    try:
        number, kind = signing.Signer(salt=SALT).unsign_object(token)
        person = User.objects.filter(pk=number, is_active=True).first()
        return (person, NoticeKind(kind)) if person else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def has_stopped(*, person: User, kind: str) -> bool:
    return can_be_stopped(kind) and person.stops.filter(kind=kind).exists()


def stop(*, person: User, kind: NoticeKind) -> Stop:
    """No more mails of this kind; a second time changes nothing."""
    return Stop.objects.get_or_create(person=person, kind=kind)[0]


def write_again(*, person: User, kind: NoticeKind) -> None:
    Stop.objects.filter(person=person, kind=kind).delete()
