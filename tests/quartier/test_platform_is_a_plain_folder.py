"""`platform/` is a folder on the path, never a package: Python's own `platform` stays reachable."""

import subprocess
import sys
import sysconfig

from devtools.paths import ROOT


def test_platform_has_no_init():
    assert (ROOT / "platform").is_dir()
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_a_fresh_interpreter_in_the_repository_root_finds_the_standard_library():
    script = "import platform; print(platform.system()); print(platform.__file__)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    system, file = run.stdout.split()
    assert system == "Linux"
    assert file.startswith(sysconfig.get_path("stdlib"))
