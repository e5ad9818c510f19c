"""A person who can sign in; the e-mail address is the name."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from loci.accounts.choices import OTHERS_AT_MOST, NameShownTo
from loci.core.models import Stamped


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **facts: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(Stamped, AbstractBaseUser, PermissionsMixin):
    """One person; what they may do follows from their memberships.

    Behind one mailbox there may be more: whoever reads it comes in with it, so that what
    is written here carries all their names.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    also_here = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("others who read this mailbox"),
    )
    title = models.CharField(_("what you do there"), max_length=120, blank=True)
    works_in = ArrayField(
        models.CharField(max_length=8),
        default=list,
        blank=True,
        verbose_name=_("languages you work in"),
    )
    name_shown_to = models.CharField(
        _("who may read your name"),
        max_length=10,
        choices=NameShownTo.choices,
        default=NameShownTo.PAIR,
    )
    welcomed_at = models.DateTimeField(
        _("first steps done"), null=True, blank=True, editable=False
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(_("can sign in"), default=True)
    is_staff = False
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_is_one_person",
                violation_error_message=_("Somebody has this address already."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    language__in=[code for code, _name in settings.LANGUAGES]
                ),
                name="accounts_user_language_known",
            ),
            models.CheckConstraint(
                condition=models.Q(also_here__len=0)
                | (models.Q(also_here__len__lte=OTHERS_AT_MOST) & ~models.Q(name="")),
                name="accounts_user_others_beside_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(name_shown_to__in=NameShownTo.values),
                name="accounts_user_name_shown_to_known",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join([self.name, *self.also_here]) if self.name else self.email
