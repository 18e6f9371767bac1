"""An empty installation becomes a city: places, offices and the first administrator come by command."""

import pytest
from django.core.management import CommandError, call_command

from cocreation.models import Office, Place, RoleGrant
from cocreation.roles import roles_of
from quartier.builders import make_person
from quartier.demo.seed import TEXTS

pytestmark = pytest.mark.django_db


def test_the_demos_own_files_found_a_city_and_founding_twice_changes_nothing():
    for _time in range(2):
        call_command("found_city", TEXTS / "places.toml", verbosity=0)
        call_command("found_city", TEXTS / "organisations.toml", verbosity=0)
    assert Place.objects.get(slug="lindach").parent.slug == "auental"
    assert Place.objects.count() == 11
    assert Office.objects.count() == 7


@pytest.mark.parametrize("words, reason", [
    ("[[places]]\nslug='a'\nkind='village'\nname={de='A',en='A'}\n[[places]]\nslug='b'\n", "Place 2 lacks 'kind'"),
    ("[[places]]\nslug='a'\nkind='moon'\nname={de='A',en='A'}\n", "Place 1 (a)"),
    ("[[places]]\nslug='a'\nkind='village'\nparent='z'\nname={de='A',en='A'}\n", "before its parent"),
    ("not toml", "is not TOML"),
])  # fmt: skip
def test_a_wrong_file_is_refused_with_its_place_and_nothing_is_created(tmp_path, words, reason):
    file = tmp_path / "city.toml"
    file.write_text(words)
    with pytest.raises(CommandError, match=reason.replace("(", r"\(").replace(")", r"\)")):
        call_command("found_city", file, verbosity=0)
    assert not Place.objects.exists()


def test_the_first_administrator_is_made_by_command():
    person = make_person("first", "First Person")
    call_command("grant_role", "FIRST@example.org", "admin", verbosity=0)
    assert roles_of(person).held.is_admin and not roles_of(person).is_admin  # not without a second factor
    with pytest.raises(CommandError, match="Rolle schon"):
        call_command("grant_role", "first@example.org", "admin", verbosity=0)
    with pytest.raises(CommandError):
        call_command("grant_role", "first@example.org", "official", verbosity=0)
    assert RoleGrant.objects.count() == 1
