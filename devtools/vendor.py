"""Third-party files of the front end: fetched once, pinned by hash, committed.

`python3 dev.py vendor` fetches the packages named below from the npm registry, checks each archive against
the sha512 of vendor.lock.json (or records it when the version is new) and writes single files into the
repository.
`python3 dev.py vendor --check` fetches nothing: it compares the committed files with the lock.
Only the standard library is needed; neither node nor npm. Another registry is named by NPM_CONFIG_REGISTRY.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "vendor.lock.json"
REGISTRY = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")
SPRITE = "static/vendor/icons.svg"
LUCIDE = ("lucide-static", "1.62.0")

FONT = "atkinson-hyperlegible-next-{}-wght-normal.woff2"
# (package, version) -> {file in the archive: file in the repository}
PACKAGES: dict[tuple[str, str], dict[str, str]] = {
    ("@kern-ux/native", "2.7.2"): {
        "dist/kern.min.css": "static/vendor/kern.min.css",
        "LICENSE.md": "static/vendor/licenses/kern.md",
    },
    ("@fontsource-variable/atkinson-hyperlegible-next", "5.3.0"): {
        f"files/{FONT.format('latin')}": f"static/vendor/{FONT.format('latin')}",
        f"files/{FONT.format('latin-ext')}": f"static/vendor/{FONT.format('latin-ext')}",
        "LICENSE": "static/vendor/licenses/atkinson-hyperlegible-next.txt",
    },
    ("htmx.org", "2.0.11"): {
        "dist/htmx.min.js": "static/vendor/htmx.min.js",
        "LICENSE": "static/vendor/licenses/htmx.txt",
    },
    ("axe-core", "4.14.1"): {
        "axe.min.js": "tests/vendor/axe.min.js",
        "LICENSE": "tests/vendor/axe-core.txt",
    },
    ("leaflet", "1.9.4"): {
        "dist/leaflet.js": "static/vendor/leaflet/leaflet.js",
        "dist/leaflet.css": "static/vendor/leaflet/leaflet.css",
        "dist/images/layers.png": "static/vendor/leaflet/images/layers.png",
        "dist/images/layers-2x.png": "static/vendor/leaflet/images/layers-2x.png",
        "dist/images/marker-icon.png": "static/vendor/leaflet/images/marker-icon.png",
        "LICENSE": "static/vendor/licenses/leaflet.txt",
    },
    LUCIDE: {"LICENSE": "static/vendor/licenses/lucide.txt"},
    ("yjs", "13.6.33"): {"LICENSE": "static/vendor/licenses/yjs.txt"},
    ("lib0", "0.2.120"): {"LICENSE": "static/vendor/licenses/lib0.txt"},
    # It puts the modules of the two above into one file; nothing of it is in the product.
    ("@esbuild/linux-x64", "0.28.2"): {},
}

# One file out of the modules of several packages: file in the repository -> what the page may import.
BUNDLED = ("yjs", "lib0")
BUNDLE = "static/vendor/yjs.js"
BUNDLER = "@esbuild/linux-x64"
EXPORTS = (
    "export { Doc, UndoManager, applyUpdate, encodeStateAsUpdate, encodeStateVector, mergeUpdates, "
    "createRelativePositionFromTypeIndex, createRelativePositionFromJSON, "
    'createAbsolutePositionFromRelativePosition } from "yjs";\n'
)

# The icons in use. A test fails when a template names one that is not here.
ICONS = """
archive arrow-down arrow-left arrow-right arrow-up badge-check ban bell bell-off bold bookmark building-2
calculator calendar calendar-clock calendar-plus camera chart-column check check-check chevron-down
chevron-right circle-alert circle-check circle-check-big circle-dashed circle-dot circle-help circle-minus
circle-plus circle-x clipboard-check clipboard-list clock coins columns-2 copy crosshair crown download ear
euro external-link eye eye-off file-check file-diff file-image file-pen file-plus file-spreadsheet file-text
filter flag footprints gavel git-branch git-compare git-merge git-pull-request graduation-cap grip-vertical
group hand-heart handshake hash heading heart history hourglass house image inbox info italic key-round
keyboard landmark languages layers layers-2 layout-grid lightbulb link link-2 list list-checks list-ordered
loader locate lock log-in log-out mail map map-pin maximize-2 megaphone menu message-circle
message-circle-question-mark message-square-reply minus monitor network paperclip pen-line pencil-line
percent phone piggy-bank play plus pointer printer qr-code quote receipt refresh-cw repeat reply rotate-ccw
rows-2 rss save scale scroll-text search send settings share-2 shield-alert shield-check
shield-question-mark shovel shuffle siren smartphone split square-dashed stamp star store tag thumbs-down
thumbs-up timer trash-2 tree-pine triangle-alert undo-2 ungroup upload user user-check user-minus user-plus
users vote wallet wifi wifi-off x zoom-in zoom-out
""".split()  # noqa: SIM905 - a list of words is read and edited as words


def sha512(data: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def get(url: str) -> bytes:
    if not url.startswith("https://"):
        raise SystemExit(f"vendor: refusing {url}: not https")
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read()


def fetch(name: str, version: str, locked: dict[str, str] | None) -> tuple[str, bytes]:
    """The archive of one package, believed only if it matches the lock; a new version, the registry's own
    sum.
    """
    about = json.loads(get(f"{REGISTRY}/{urllib.parse.quote(name, safe='@')}/{version}"))["dist"]
    want = locked["sha512"] if locked and locked["version"] == version else about["integrity"]
    archive = get(about["tarball"])
    if sha512(archive) != want:
        raise SystemExit(f"vendor: {name} {version} is not the archive we know: expected {want}")
    return want, archive


def unpack(archive: bytes) -> dict[str, bytes]:
    """The plain files of an npm archive, without their first folder. Nothing is extracted to disk."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for member in tar:
            if member.isfile() and (handle := tar.extractfile(member)):
                files[member.name.partition("/")[2]] = handle.read()
    return files


def sprite(icons: dict[str, bytes]) -> bytes:
    """One SVG with a <symbol> per icon. Colour and stroke come from our `.icon` class."""
    symbols = []
    for name in sorted(ICONS):
        source = icons.get(f"icons/{name}.svg")
        if source is None:
            raise SystemExit(f"vendor: {LUCIDE[0]} {LUCIDE[1]} has no icon {name}")
        found = re.search(r"<svg[^>]*>(.*)</svg>", source.decode(), re.DOTALL)
        assert found is not None
        inner = re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", found[1].strip()))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    head = f"<!-- {LUCIDE[0]} {LUCIDE[1]}, licence: licenses/lucide.txt -->"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg">' + head + "\n" + "\n".join(symbols) + "\n</svg>\n"
    ).encode()


def without_map(data: bytes) -> bytes:
    """A script without the name of its source map: we do not ship one, and what is named must be there."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*\Z", b"\n", data)


def bundle(packages: dict[str, dict[str, bytes]]) -> bytes:
    """One ES module of the packages in BUNDLED, the same bytes from the same archives."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise SystemExit("vendor: the bundle is made on Linux with an x86-64 processor")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for name in BUNDLED:
            for inside, data in packages[name].items():
                target = here / "node_modules" / name / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        (here / "entry.js").write_text(EXPORTS)
        program = here / "esbuild"
        program.write_bytes(packages[BUNDLER]["bin/esbuild"])
        program.chmod(0o700)
        flags = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--platform=browser"]
        done = subprocess.run(
            [program, "entry.js", *flags, "--legal-comments=none"], cwd=here, capture_output=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"vendor: {BUNDLE} could not be made: {done.stderr.decode()}")
    names = ", ".join(f"{name} {version}" for name, version in PACKAGES if name in BUNDLED)
    return f"// {names}, licences: licenses/yjs.txt, licenses/lib0.txt\n".encode() + done.stdout


def vendor() -> None:
    locked = (
        {entry["name"]: entry for entry in json.loads(LOCK.read_text())["packages"]} if LOCK.exists() else {}
    )
    packages = []
    unpacked: dict[str, dict[str, bytes]] = {}
    for (name, version), wanted in PACKAGES.items():
        integrity, archive = fetch(name, version, locked.get(name))
        inside = unpack(archive)
        if name in (*BUNDLED, BUNDLER):
            unpacked[name] = inside
        written = {target: without_map(inside[source]) for source, target in wanted.items()}
        if (name, version) == LUCIDE:
            written[SPRITE] = sprite(inside)
        if name == BUNDLER:
            written[BUNDLE] = bundle(unpacked)
        for target, data in written.items():
            (ROOT / target).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / target).write_bytes(data)
            print(f"{len(data) / 1000:8.1f} kB  {target}")
        files = {target: sha256(data) for target, data in sorted(written.items())}
        packages.append({"name": name, "version": version, "sha512": integrity, "files": files})
    LOCK.write_text(json.dumps({"packages": packages}, indent=2) + "\n")


def check() -> list[str]:
    """What is wrong with the committed files; empty when they are what the lock says."""
    wrong, known = [], set()
    locked = json.loads(LOCK.read_text())["packages"]
    if {(entry["name"], entry["version"]) for entry in locked} != set(PACKAGES):
        wrong.append("vendor.lock.json names other packages or versions than devtools/vendor.py")
    for entry in locked:
        for target, digest in entry["files"].items():
            known.add(target)
            file = ROOT / target
            if not file.exists():
                wrong.append(f"{target} is missing")
            elif sha256(file.read_bytes()) != digest:
                wrong.append(f"{target} was changed")
    if (ROOT / SPRITE).exists():
        have = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / SPRITE).read_text()))
        if have != set(ICONS):
            wrong.append(f"{SPRITE} and the list of icons differ: {', '.join(sorted(have ^ set(ICONS)))}")
    for folder in ("static/vendor", "tests/vendor"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.relative_to(ROOT).as_posix() not in known:
                wrong.append(f"{file.relative_to(ROOT)} is not in the lock")
    return wrong


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="dev.py vendor", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="compare the committed files with the lock, offline"
    )
    if not parser.parse_args(argv).check:
        vendor()
    for line in (wrong := check()):
        print(f"vendor: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
