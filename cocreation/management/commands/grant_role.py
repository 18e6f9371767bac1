"""`manage.py grant_role EMAIL ROLE [--office SLUG]`: give a person a role; the first administrator is made this way."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Person
from cocreation.audit import on_data_of
from cocreation.models import Office, RoleGrant
from groundwork import clock
from groundwork.journal import api as journal


class Command(BaseCommand):
    help = "Gives a person with an account a role. It counts once the second factor is set up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=RoleGrant.Role.values)
        parser.add_argument("--office", help="slug of the office an official acts for")

    def handle(self, *args: Any, email: str, role: str, office: str | None, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has an account with the address {email}; sign up first.")
        found = Office.objects.filter(slug=office).first() if office else None
        if office and found is None:
            raise CommandError(f"There is no office {office!r}.")
        grant = RoleGrant(person=person, role=role, office=found, starts=clock.now())
        try:
            grant.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        with transaction.atomic():
            grant.save()
            journal.record("role.granted", on=grant, at=grant.starts, data=on_data_of(person, role=role))
        self.stdout.write(f"{person} is {role} now.")
