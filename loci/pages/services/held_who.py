"""Columns of `who` that name a person: sign-in, places, invitations, profiles."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from localities.models import (
    Fact,
    FactDoubt,
    FactVersion,
    ImportDraft,
    Invitation,
    Membership,
    Milestone,
    ProfileAgreement,
    SavedPlace,
    SavedSearch,
)
from loci.accounts.models import Consent
from loci.pages.services.kinds import Kind

WHO = (
    Kind("addresses", _("Addresses"), EmailAddress, "user", ("email", "verified")),
    Kind("keys", _("Ways to sign in"), Authenticator, "user", ("type", "created_at")),
    Kind(
        "sessions",
        _("Where you are signed in"),
        UserSession,
        "user",
        ("ip", "user_agent", "last_seen_at"),
    ),
    Kind(
        "memberships",
        _("Places in organisations"),
        Membership,
        "person",
        ("organisation", "role", "since", "until"),
    ),
    Kind(
        "consents",
        _("What you agreed to"),
        Consent,
        "person",
        ("purpose", "about", "words", "given_at", "withdrawn_at"),
        stays=True,
    ),
    Kind(
        "invitations",
        _("Invitations to you"),
        Invitation,
        "person",
        ("kind", "role", "organisation", "locality", "note", "expires_at"),
    ),
    Kind(
        "invited",
        _("Invitations you wrote"),
        Invitation,
        "by",
        ("kind", "role", "organisation", "note", "created_at"),
        stays=True,
    ),
    Kind(
        "imports",
        _("Files you sent to be taken"),
        ImportDraft,
        "by",
        ("kind", "file_name", "created_at"),
    ),
    Kind(
        "saved",
        _("Localities you saved"),
        SavedPlace,
        "person",
        ("locality", "created_at"),
    ),
    Kind(
        "searches",
        _("Searches you wait for"),
        SavedSearch,
        "person",
        ("asked", "created_at", "told_at"),
    ),
    Kind(
        "facts",
        _("Lines of the profile, last said by you"),
        Fact,
        "by",
        ("kind", "side", "text", "link", "sources", "visibility", "checked_on"),
        stays=True,
    ),
    Kind(
        "fact_versions",
        _("Every version of such a line by you"),
        FactVersion,
        "by",
        ("text", "visibility", "at"),
        stays=True,
    ),
    Kind(
        "doubts",
        _("Lines you said are wrong"),
        FactDoubt,
        "by",
        ("fact", "side", "words", "outcome", "created_at"),
        stays=True,
    ),
    Kind(
        "doubts_settled",
        _("Doubts you answered"),
        FactDoubt,
        "settled_by",
        ("fact", "outcome", "settled_at"),
        stays=True,
    ),
    Kind(
        "agreements",
        _("Where you agreed to publish"),
        ProfileAgreement,
        "by",
        ("locality", "side", "at"),
        stays=True,
    ),
    Kind(
        "milestones",
        _("Milestones you noted"),
        Milestone,
        "by",
        ("kind", "on", "text"),
        stays=True,
    ),
)
