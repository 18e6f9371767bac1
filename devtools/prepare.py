"""What a city needs before its first page: `python -m devtools.prepare LOGINS`, LOGINS being a file to write.

Database and static files are prepared side by side.
"""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import django
from django.core.management import call_command

from devtools import messages
from devtools.bootstrap import STEPS
from devtools.console import step

STATIC = "--static"


def main(logins: Path) -> None:
    beside = subprocess.Popen([sys.executable, "-m", "devtools.prepare", STATIC])
    messages.compile_all()
    django.setup()
    step(3, STEPS, "Preparing the database ...")
    call_command("migrate", verbosity=0, interactive=False)
    step(4, STEPS, "Founding the demo city, unless it stands ...")
    call_command("seed_demo", if_empty=True)
    text = io.StringIO()
    call_command("demo_logins", stdout=text)
    logins.write_text(text.getvalue())
    if beside.wait():
        sys.exit("the static files could not be collected")


def collect_static() -> None:
    """Hash and compress the static files again only when one of them changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected-from"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    if sys.argv[1] == STATIC:
        django.setup()
        collect_static()
    else:
        main(Path(sys.argv[1]))
