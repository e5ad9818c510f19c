"""People who can sign in, and the record of what they did."""

from loci.accounts.models.audit import AuditEntry
from loci.accounts.models.consent import Consent
from loci.accounts.models.user import User

__all__ = ["AuditEntry", "Consent", "User"]
