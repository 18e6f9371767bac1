"""What this house publishes as data: organisations the city has confirmed. People are in no table."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from groundwork.datasets import MOMENT, Column, Dataset, add

add(
    Dataset(
        "organisations",
        _("Organisations"),
        _("Associations, companies, universities and public bodies that take part under their own name."),
        rows=lambda: Organisation.objects.filter(confirmed_at__isnull=False),
        order=("slug",),
        columns=(
            Column("slug", "slug", _("Short name"), _("The name in the address of its page."), key=True, required=True),
            Column("name", "name", _("Name"), _("The name of the organisation."), required=True),
            Column("kind", "kind", _("Kind"), _("What kind of organisation it is."), choices=tuple(Organisation.Kind.choices), required=True),
            Column("confirmed", "confirmed_at", _("Confirmed"), _("When the city confirmed that it exists."), MOMENT, required=True),
        ),
        chart="kind",
        theme="SOCI",
        keywords=(_("organisations"), _("associations")),
    )
)  # fmt: skip
