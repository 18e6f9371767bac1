"""The commands of dev.py, inside the environment that `bootstrap` made."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from devtools.console import Trouble, end_in_one_sentence
from devtools.paths import ROOT, SHARED, VAR


def demo(args: list[str]) -> int:
    from devtools import demo, demo_options

    return demo.run(demo_options.parse(args))


def test(args: list[str]) -> int:
    """A process for each core, two to four, unless one test is meant or somebody wants to look inside."""
    alone = {"-k", "--pdb", "--trace", "--collect-only", "--co", "-s"}
    words = {arg.split("=")[0] for arg in args} | {arg[:2] for arg in args if arg[:2] == "-n"}
    spread = (
        []
        if words & alone or any("::" in arg for arg in args)
        else ["-n", str(min(max(os.cpu_count() or 2, 2), 4)), "--dist", "loadgroup"]
    )
    if words & {"-n", "--numprocesses"}:
        spread = ["--dist", "loadgroup"]  # their number is said; who does what stays as it is
    command = [sys.executable, "-m", "pytest", *spread, *args]
    os.execv(sys.executable, command)


def check(args: list[str]) -> int:
    from devtools import check

    return check.run(args)


def bench(args: list[str]) -> int:
    if not args or args[0].startswith("-"):
        raise Trouble("Name the bench, for example `python3 dev.py bench pages`.")
    from devtools import messages
    from devtools.services import Storage, kept_services

    messages.compile_all()
    storage = Storage.kept("bench")
    own = {"QUARTIER_VAR": str(storage.home), "DJANGO_SETTINGS_MODULE": "quartier.settings.dev"}
    # What a production server of this size would have, so that the database's share of a page is honest.
    with kept_services(storage, {"shared_buffers": "512MB"}) as urls:
        return _module("tests.bench", args, urls | own)


def profile(args: list[str]) -> int:
    """On the demo's data, whether it runs or not."""
    from devtools import demo, profiling

    profiling.options(args)  # words that are wrong, before anything starts
    return demo.with_data(["-m", "devtools.profiling", *args])


def cluster(args: list[str]) -> int:
    from devtools import cluster

    return cluster.run(args)


def shots(args: list[str]) -> int:
    return _on_passing_services("tests.shots", args)


def manage(args: list[str]) -> int:
    from devtools import demo

    return demo.manage(args)


def messages(args: list[str]) -> int:
    from devtools import messages

    return messages.update([Path(arg) for arg in args])


def vendor(args: list[str]) -> int:
    return _module("devtools.vendor", args, {})


def sbom(args: list[str]) -> int:
    return _module("devtools.sbom", args, {})


def schema(args: list[str]) -> int:
    from devtools import messages, schema

    messages.compile_all()
    return schema.run(args)


def upgrade(args: list[str]) -> int:
    from devtools import messages, upgrade

    messages.compile_all()
    return upgrade.run(args)


def _on_passing_services(module: str, args: list[str]) -> int:
    """An empty city of its own, gone afterwards: neither the demo's data nor its files are touched."""
    from devtools import messages
    from devtools.services import passing_services

    messages.compile_all()
    with passing_services() as urls, tempfile.TemporaryDirectory(prefix="quartier-var-") as var:
        own = {"QUARTIER_VAR": var, "DJANGO_SETTINGS_MODULE": "quartier.settings.dev", "C_FORCE_ROOT": "1"}
        return _module(module, args, urls | own)


def _module(name: str, args: list[str], environ: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", name, *args], cwd=ROOT, env=os.environ | environ).returncode


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    function.__name__: function
    for function in (
        demo,
        test,
        check,
        bench,
        profile,
        cluster,
        shots,
        manage,
        messages,
        vendor,
        sbom,
        schema,
        upgrade,
    )
}


def main(argv: list[str]) -> int:
    # A polite stop from a supervisor is the same as Ctrl-C: every `with` block and `finally` runs. SIGINT itself
    # is named because a shell starts what stands before an `&` deaf to it.
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        return COMMANDS[argv[0]](argv[1:])
    except Trouble as trouble:
        return end_in_one_sentence(trouble)
    except OSError as error:
        if error.filename and any(Path(str(error.filename)).is_relative_to(place) for place in (VAR, SHARED)):
            return end_in_one_sentence(Trouble(f"{error.filename} cannot be used: {error.strerror}."))
        raise
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
