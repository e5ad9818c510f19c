"""Write what was done into the audit."""

from django.db import models

from loci.accounts.models import AuditEntry, User


def record(
    by: User | None, verb: str, about: models.Model, note: str = ""
) -> AuditEntry:
    """Write one deed; call it inside the transaction of the deed."""
    label = f"{about._meta.label_lower}:{about.pk}"
    return AuditEntry.objects.create(by=by, verb=verb, about=label, note=note)
