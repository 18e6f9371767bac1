"""From a bare Python to the complete environment, with the standard library alone.

uv installs what uv.lock names, each file checked against its hash. It is found on the machine or obtained in
one of three ways; when nothing changed since the last time, none of this runs.
"""

import contextlib
import hashlib
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from devtools.console import Trouble, say, step
from devtools.paths import ROOT, SHARED

PYPI = "https://pypi.org/simple"
STEPS = 6


def hand_over(command: str, args: list[str]) -> int:
    """Make the environment complete, then become the command inside it."""
    if command == "demo":
        from devtools import demo_options

        demo_options.parse(args)  # a taken port is said before minutes of installing, not after
    python = environment(announce=command == "demo")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    os.execv(python, [str(python), "-m", "devtools", command, *args])


def environment(announce: bool = False) -> Path:
    """The environment's Python, installed first if uv.lock, the interpreter or the place changed."""
    folder = _folder()
    python = folder / "bin" / "python"
    stamp = folder / "installed-from"
    wanted = _fingerprint()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        if announce:
            step(1, STEPS, "Installed already.")
        return python
    step(1, STEPS, f"Installing what uv.lock names for Python {platform.python_version()} ...")
    started = time.monotonic()
    try:
        _sync(folder)
        stamp.write_text(wanted)
    except OSError as error:
        raise Trouble(
            f"{folder} cannot be written ({error.strerror or error}); is the disk full or not yours?"
        ) from None
    say(f"    done in {time.monotonic() - started:.0f} s")
    return python


def _folder() -> Path:
    """`.venv`, unless another Python version already lives there: then one of our own beside it."""
    if chosen := os.environ.get("UV_PROJECT_ENVIRONMENT"):
        return Path(chosen).absolute()
    usual = ROOT / ".venv"
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with contextlib.suppress(OSError):
        found = re.search(r"^version(?:_info)? = (\d+\.\d+)", (usual / "pyvenv.cfg").read_text(), re.M)
        if found and found[1] != version:
            return SHARED / f"venv-{version}"
    return usual


def _interpreter() -> str:
    return getattr(sys, "_base_executable", None) or sys.executable


def _fingerprint() -> str:
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    return f"{lock}\n{os.path.realpath(_interpreter())} {platform.python_version()}\n"


# --- installing ---


def _sync(folder: Path) -> None:
    SHARED.mkdir(parents=True, exist_ok=True)
    uv = _uv()
    environ = os.environ | {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(folder),
        "UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "60"),
    }
    environ.pop("VIRTUAL_ENV", None)
    if ssl.get_default_verify_paths().cafile:
        # Whom this machine trusts, its network's own authority included, instead of the list inside uv.
        environ |= {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # the new name and the old
    if _index() == PYPI:
        _run([uv, "sync", "--frozen", "--python", _interpreter(), "--compile-bytecode"], environ)
        return
    # The lock holds the addresses of the public registry; a mirror is asked by name, with the same hashes.
    requirements = SHARED / "requirements.txt"
    python = folder / "bin" / "python"
    _run(
        [uv, "export", "--frozen", "--no-emit-project", "--all-groups", "--output-file", requirements],
        environ,
    )
    if not python.exists():
        _run([uv, "venv", "--python", _interpreter(), folder], environ)
    exact = ["--require-hashes", "--compile-bytecode", "--default-index", _index()]
    _run([uv, "pip", "sync", *exact, "--python", python, requirements], environ)


def _run(command: Sequence[str | Path], environ: dict[str, str]) -> None:
    """uv shows its own progress on the terminal; elsewhere its words are kept for the case of failure."""
    terminal = sys.stderr.isatty()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if terminal else subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        _must_answer(_index())
        words = (done.stderr or "").strip().splitlines()
        reason = f": {words[-1].strip(' ╰─▶')}" if words else "; its reason stands above"
        raise Trouble(f"uv could not install the environment{reason}.")


def _index() -> str:
    """Whose packages: the public registry, or the mirror named the way uv and pip name it."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    return PYPI


def _must_answer(index: str) -> None:
    """Raise the sentence about a missing registry, unless it answers: then the trouble is another."""
    try:
        urllib.request.urlopen(f"{index}/uv/", timeout=15).close()
    except urllib.error.HTTPError as error:
        error.close()
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Trouble(
            f"The package registry {index} does not answer ({reason}); "
            "connect to the network, or name a mirror in UV_DEFAULT_INDEX."
        ) from None


# --- uv itself ---


def _uv() -> Path:
    """uv from PATH, from an earlier start, or fetched: a plain download (one second) before pip (ten)."""
    own = SHARED / "uv" / "bin" / "uv"
    for known in (shutil.which("uv"), own):
        if known and _works(known):
            return Path(known)
    failure: Exception | None = None
    for way in (_uv_by_download, _uv_by_venv, _uv_by_target):
        try:
            way(own)
            if _works(own):
                return own
        except (OSError, subprocess.SubprocessError, LookupError, ValueError, zipfile.BadZipFile) as error:
            failure = failure or error
            if _index() != PYPI:
                _must_answer(
                    _index()
                )  # pip would ask the same one; only for the public one it may know a way round
    _must_answer(_index())
    raise Trouble(
        f"uv could not be obtained ({failure}); install it (https://docs.astral.sh/uv) and start again."
    )


def _works(uv: str | Path) -> bool:
    # A version manager's shim is on PATH even when there is nothing behind it.
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run([str(uv), "--version"], capture_output=True, timeout=30).returncode == 0
    return False


def _uv_by_download(own: Path) -> None:
    """The wheel, straight from the index: a bare Debian has neither pip nor venv."""
    request = urllib.request.Request(
        f"{_index()}/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json", "User-Agent": "quartier"}
    )
    with urllib.request.urlopen(request, timeout=15) as answer:
        base, files = answer.url, json.load(answer)["files"]
    chosen = max(_fitting(files))[1]
    with urllib.request.urlopen(urllib.parse.urljoin(base, chosen["url"]), timeout=60) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != chosen["hashes"]["sha256"]:
        raise ValueError("the downloaded uv does not match its hash")
    own.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        own.write_bytes(archive.read(program))
    own.chmod(0o755)


def _fitting(files: list[dict]) -> Iterator[tuple[tuple[int, ...], dict]]:
    """(version, file) of each released wheel for this machine."""
    machine = platform.machine()
    libc = "musllinux" if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") else "manylinux"
    found = False
    for file in files:
        match = re.fullmatch(r"uv-(\d+)\.(\d+)\.(\d+)-py3-none-(.+)\.whl", file["filename"])
        if match and libc in match[4] and match[4].endswith(machine) and not file.get("yanked"):
            found = True
            yield (int(match[1]), int(match[2]), int(match[3])), file
    if not found:
        raise LookupError(f"the index has no uv for {machine}")


def _uv_by_venv(own: Path) -> None:
    home = own.parents[1]
    _quietly(_interpreter(), "-m", "venv", str(home))
    _pip_install(str(home / "bin" / "python"), "uv")


def _uv_by_target(own: Path) -> None:
    # Into a folder of ours: allowed even where the system's Python is marked as externally managed.
    _pip_install(_interpreter(), "--target", str(own.parents[1]), "--upgrade", "uv")


def _pip_install(python: str, *what: str) -> None:
    """pip reads its own configuration (mirrors, proxies), unless an index was named to us."""
    index = [] if _index() == PYPI else ["--index-url", _index()]
    _quietly(python, "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "15", *index, *what)


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
