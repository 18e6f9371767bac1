"""Draft, hidden, withdrawn, erased and not yet published things appear nowhere to people who may not know of them (REQ-58).

Generated over every address, every link on every page, every role: pages, lists, search, feeds, calendars, files.
"""

from __future__ import annotations

import pytest

from tests.visits import Visit, none_of

# What the title says, in both languages, and who may read it: the author, and moderators what was once public.
# Who set up a process sees it before everybody else; who registered an organisation, and who confirms it, see it too.
SECRETS = {
    ("Geheimnis Entwurf", "Secret draft"): {"jonas"},
    ("Geheimnis verborgen", "Secret hidden"): {"jonas", "mo", "ada"},
    ("Geheimnis zurückgezogen", "Secret withdrawn"): {"jonas", "mo", "ada"},
    ("Geheimnis gelöscht", "Secret erased"): set(),
    ("Geheimnis geplant", "Secret planned"): {"jonas"},
    ("Geheimnis Prozess", "Secret process"): {"jonas", "ada"},  # jonas wrote something in it
    ("Geheimnis Zusage", "Secret promise"): {"amina", "mo", "ada"},
    ("Geheimnis Kommentar",): {"jonas", "mo", "ada"},
    ("Geheimnis Verein",): {"jonas", "clara", "ada"},
}


@pytest.mark.parametrize("secret", SECRETS, ids=lambda names: names[-1])
def test_it_appears_nowhere(visits: list[Visit], secret: tuple[str, ...]) -> None:
    if visits[0].role in SECRETS[secret]:
        assert any(name in visit.body for visit in visits for name in secret), (
            "who may know of it finds it nowhere"
        )
    else:
        # A preview is for whoever holds its link: there the link is the secret.
        visits = [visit for visit in visits if visit.route.name != "cocreation:preview"]
        none_of(visit for visit in visits if any(name in visit.body for name in secret))


def test_the_enumeration_can_fail(visits: list[Visit]) -> None:
    """The same search finds what is public: it looks in the right places."""
    found = {visit.route.name for visit in visits if "Trinkbrunnen am Dorfplatz" in visit.body}
    assert {"proposals:list", "proposals:proposal"} <= found
