"""The list of components (CycloneDX 1.6) from the lock files: what a city runs, by name, version, source and hash.

`python3 dev.py sbom` writes docs/security/sbom.cdx.json, `--check` says whether it is that of the lock files. It holds what
production runs; tools of tests and development are left out. Nothing in it depends on when or where it was made.
"""

from __future__ import annotations

import base64
import json
import sys
import tomllib
from typing import Any
from urllib.parse import quote

from devtools.paths import ROOT

FILE = ROOT / "docs" / "security" / "sbom.cdx.json"
Package = dict[str, Any]


def _by_name(lock: dict[str, Any]) -> dict[str, list[Package]]:
    found: dict[str, list[Package]] = {}
    for package in lock["package"]:
        found.setdefault(package["name"], []).append(package)
    return found


def _wants(package: Package, extras: list[str]) -> list[Package]:
    optional = package.get("optional-dependencies", {})
    return package.get("dependencies", []) + [each for extra in extras for each in optional.get(extra, [])]


def closure(lock: dict[str, Any]) -> dict[str, set[str]]:
    """What production needs, directly or through others: name -> names it needs."""
    packages = _by_name(lock)
    needs: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    left = [("quartier", "")]
    while left:
        name, extra = left.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for package in packages.get(name, []):
            for wanted in _wants(package, [extra] if extra else []):
                needs.setdefault(name, set()).add(wanted["name"])
                left += [(wanted["name"], ""), *((wanted["name"], each) for each in wanted.get("extra", []))]
    for name, _extra in seen:
        needs.setdefault(name, set())
    return needs


def _python(package: Package) -> dict[str, Any]:
    reference = f"pkg:pypi/{package['name']}@{package['version']}"
    files = [package[kind] for kind in ("sdist",) if kind in package] or package.get("wheels", [])[:1]
    return {
        "type": "library",
        "bom-ref": reference,
        "name": package["name"],
        "version": package["version"],
        "purl": reference,
        "hashes": [{"alg": "SHA-256", "content": each["hash"].removeprefix("sha256:")} for each in files],
        "externalReferences": [{"type": "distribution", "url": each["url"]} for each in files],
    }


def _npm(package: dict[str, Any]) -> dict[str, Any]:
    reference = f"pkg:npm/{quote(package['name'], safe='/')}@{package['version']}"
    digest = base64.b64decode(package["sha512"].removeprefix("sha512-")).hex()
    return {
        "type": "library",
        "bom-ref": reference,
        "name": package["name"],
        "version": package["version"],
        "purl": reference,
        "hashes": [{"alg": "SHA-512", "content": digest}],
    }


def made() -> str:
    """The document as it should stand in the repository."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    needs, packages = closure(lock), _by_name(lock)
    (ours,) = packages["quartier"]
    python = [_python(package) for name in sorted(needs) if name != "quartier" for package in packages[name]]
    front = [_npm(package) for package in json.loads((ROOT / "vendor.lock.json").read_text())["packages"]]
    root = f"pkg:generic/quartier@{ours['version']}"
    references: dict[str, list[str]] = {}
    for each in python:
        references.setdefault(each["name"], []).append(each["bom-ref"])

    def on(name: str) -> list[str]:
        return sorted(reference for wanted in needs[name] for reference in references.get(wanted, []))

    dependencies = [
        {"ref": root, "dependsOn": sorted([*on("quartier"), *(each["bom-ref"] for each in front)])}
    ]
    dependencies += [{"ref": each["bom-ref"], "dependsOn": on(each["name"])} for each in python]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "quartier",
                "version": ours["version"],
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            }
        },
        "components": python + front,
        "dependencies": dependencies,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main(args: list[str]) -> int:
    text = made()
    if "--check" in args:
        if not FILE.exists() or FILE.read_text() != text:
            print(f"{FILE.relative_to(ROOT)} is not that of the lock files; `python3 dev.py sbom` writes it.")
            return 1
        return 0
    FILE.write_text(text)
    print(f"{FILE.relative_to(ROOT)}: {len(json.loads(text)['components'])} components.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
