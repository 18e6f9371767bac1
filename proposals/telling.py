"""Who is told what of versions and authors, and in which words.

A new version that changes what a proposal asks for is told to everybody around it; a small one to its authors and to who
follows it: supporters are not asked to read about commas. Invitations and questions are told to those they are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cocreation.news import Around, News, Said, news
from proposals.models import Authorship, Revision


def _revisions(keys: set[int]) -> Mapping[int, Any]:
    return Revision.objects.defer("body", "translations").select_related("by").in_bulk(keys)


def _hands(keys: set[int]) -> Mapping[int, Any]:
    return Authorship.objects.select_related("person", "organisation").in_bulk(keys)


def _name(hand: Authorship | None) -> str:
    if hand is None or hand.person is None or not hand.person.public_name:
        return ""
    return (
        f"{hand.person.public_name} · {hand.organisation.name}"
        if hand.organisation
        else hand.person.public_name
    )


def _revised(data: Mapping[str, Any], revision: Revision | None) -> Said:
    note = revision.note if revision else ""
    by = revision.by.public_name if revision and revision.by else ""
    if data.get("substantive"):
        return Said(
            _("The text has changed in what it asks for"),
            _("If you support it: read what has changed and say whether you still do."),
            note,
            by if note else "",
        )
    return Said(_("The text was improved a little"), "", note, by if note else "")


def _versions(data: Mapping[str, Any]) -> str:
    address = reverse("proposals:versions", args=[data["receipt"]])
    return f"{address}?to={data['revision']}"


def _narrower(data: Mapping[str, Any]) -> Around | None:
    return None if data.get("substantive") else "followers"


def _page(name: str) -> Any:
    return lambda data: reverse(f"proposals:{name}", args=[data["receipt"]])


def _invited(data: Mapping[str, Any], hand: Authorship | None) -> Said:
    return Said(
        _("You are asked to write this proposal together with others"),
        _("You are named only if you agree. You can also say no; only who asked you is told."),
    )


def _accepted(data: Mapping[str, Any], hand: Authorship | None) -> Said:
    if name := _name(hand):
        return Said(_("%(name)s is one of the authors now") % {"name": name})
    return Said(_("Somebody became one of the authors"))


def _declined(data: Mapping[str, Any], hand: Authorship | None) -> Said:
    if name := _name(hand):
        return Said(_("%(name)s does not want to be named") % {"name": name})
    return Said(_("Somebody you invited does not want to be named"))


def _changed(data: Mapping[str, Any], hand: Authorship | None) -> Said:
    role = str(hand.get_role_display()) if hand else ""
    return Said(_("Your role has changed: %(role)s") % {"role": role} if role else _("Your role has changed"))


def _left(data: Mapping[str, Any], hand: Authorship | None) -> Said:
    if name := _name(hand):
        return Said(_("%(name)s is no author any more") % {"name": name})
    return Said(_("One of the authors has left"))


def _led(data: Mapping[str, Any], hand: Authorship | None) -> Said:
    if name := _name(hand):
        return Said(_("%(name)s takes the lead") % {"name": name})
    return Said(_("The lead has changed"))


def _offered(data: Mapping[str, Any], row: None) -> Said:
    return Said(
        _("Somebody offers to take this proposal over"),
        _("You are named as a contributor, so you decide. If you do not, the city does."),
    )


def _decided(data: Mapping[str, Any], row: None) -> Said:
    if data.get("accepted"):
        return Said(_("You lead this proposal now"), _("Thank you for going on with it."))
    return Said(_("Your offer to take this proposal over was not accepted"))


news.add(
    "proposal.revised",
    News("contribution", _revised, rows=_revisions, url=_versions, narrower=_narrower),
)
news.add(
    "proposal.withdrawn",
    News(
        "named",
        lambda data, row: Said(_("The lead author has taken this proposal back")),
        url=lambda data: reverse("proposals:receipt", args=[data["receipt"]]),
    ),
)
news.add("authorship.invited", News("named", _invited, rows=_hands, url=_page("invitation")))
news.add("authorship.accepted", News("author", _accepted, rows=_hands, url=_page("authors")))
news.add("authorship.declined", News("named", _declined, rows=_hands, url=_page("authors")))
news.add("authorship.changed", News("named", _changed, rows=_hands, url=_page("authors")))
news.add("authorship.left", News("author", _left, rows=_hands, url=_page("authors")))
news.add("authorship.led", News("author", _led, rows=_hands, url=_page("authors")))
news.add(
    "authorship.lead_offered",
    News(
        "named",
        lambda data, row: Said(_("You are asked to take the lead of this proposal")),
        url=_page("authors"),
    ),
)
news.add(
    "authorship.lead_declined",
    News(
        "named",
        lambda data, row: Said(_("Who you asked does not want to take the lead")),
        url=_page("authors"),
    ),
)
news.add(
    "authorship.orphaned",
    News(
        "contribution",
        lambda data, row: Said(
            _("This proposal looks for new authors"),
            _(
                "Its authors have left. It stays, with all its support; who supports it can offer to go on with it."
            ),
        ),
        url=_page("authors"),
    ),
)
news.add("take_over.offered", News("named", _offered, url=_page("authors")))
news.add("take_over.decided", News("named", _decided, url=_page("authors")))
