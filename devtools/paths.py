"""Where this checkout is, and where it keeps what can be made again."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What belongs to the checkout, whatever QUARTIER_VAR says: tests have a `var` each, and share the large downloads.
SHARED = ROOT / "var"
VAR = Path(os.environ.get("QUARTIER_VAR") or ROOT / "var").absolute()
