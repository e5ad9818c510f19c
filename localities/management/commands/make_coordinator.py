"""Let the first coordinator in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from localities.choices import OrganisationKind, Role
from localities.models import Organisation
from localities.services.people import join
from loci.accounts.models import User


class Command(BaseCommand):
    help = "Makes a person a coordinator of the whole network; they sign in by code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        email = options["email"].lower()
        person = User.objects.filter(email=email).first() or User.objects.create_user(
            email, name=options["name"]
        )
        convener = Organisation.objects.filter(
            kind=OrganisationKind.CONVENER, is_demo=False
        ).first() or Organisation.objects.create(
            name="LOCI network", kind=OrganisationKind.CONVENER
        )
        join(
            person=person,
            organisation=convener,
            role=Role.COORDINATOR,
            on=timezone.localdate(),
            by=None,
        )
        self.stdout.write(
            f"{email} coordinates the network now: sign in at /accounts/login/"
        )
