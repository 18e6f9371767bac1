"""What the eye needs: contrast in every hue and theme, styles that turn with the writing, icons that exist, light pages."""

import math
import re
from itertools import product
from pathlib import Path

import brotli
import pytest

from devtools import vendor

ROOT = Path(__file__).resolve().parents[3]
CSS = ROOT / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()

# --- contrast ---

HUES = {"city": 165} | {
    name: int(hue) for name, hue in re.findall(r"\.hue-(\w+) \{ --hue: (\d+); \}", TOKENS)
}
DECLARED = dict(re.findall(r"--([\w-]+): light-dark\((.+?)\)(?=;)", TOKENS))

# (text or sign, ground, least contrast): what stands on what, on the pages.
TEXT = [
    (text, ground, 4.5)
    for text, grounds in {
        "ink": "paper surface sunk tint tint-2 now-tint ok-tint warn-tint bad-tint info-tint",
        "muted": "paper surface sunk tint",
        "accent": "paper surface tint",
        "accent-2": "paper surface tint tint-2",
        "on-accent": "accent accent-2",
        "now-ink": "now-tint surface",
        "ok": "ok-tint surface paper",
        "warn": "warn-tint surface sunk",
        "bad": "bad-tint surface paper",
        "info": "info-tint surface",
        "paper": "ink",
    }.items()
    for ground in grounds.split()
]
SIGNS = [
    ("field", "surface", 3),
    ("field", "paper", 3),
    ("accent", "surface", 3),
    ("accent", "tint", 3),
    ("now", "surface", 3),
    ("now", "paper", 3),
    ("bad", "surface", 3),
    ("focus", "paper", 3),
    ("focus", "surface", 3),
    ("focus", "tint", 3),
]


def colour(name, theme, hue):
    light, dark = re.split(r",\s*(?=oklch|#)", DECLARED[name])
    value = (light, dark)[theme == "dark"].strip()
    if value.startswith("#"):
        digits = value[1:] if len(value) > 4 else "".join(digit * 2 for digit in value[1:])
        return [linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4)]
    lightness, chroma, angle = re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) (.+)\)", value).groups()
    turn = math.radians(hue if angle == "var(--hue)" else float(angle))
    a, b = float(chroma) * math.cos(turn), float(chroma) * math.sin(turn)
    lms = [
        (float(lightness) / 100 + x * a + y * b) ** 3
        for x, y in (
            (0.3963377774, 0.2158037573),
            (-0.1055613458, -0.0638541728),
            (-0.0894841775, -1.2914855480),
        )
    ]
    mix = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    return [min(1, max(0, sum(w * v for w, v in zip(row, lms, strict=True)))) for row in mix]


def linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one, other):
    light, dark = sorted(
        (sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), rgb, strict=True)) for rgb in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def test_the_arithmetic_of_contrast():
    assert contrast([1, 1, 1], [0, 0, 0]) == pytest.approx(21)
    assert contrast([linear(0x76 / 255)] * 3, [1, 1, 1]) == pytest.approx(4.54, abs=0.01)


def test_there_are_seven_hues():
    assert len(HUES) == 7


@pytest.mark.parametrize(("hue", "theme"), list(product(HUES, ("light", "dark"))))
def test_every_pair_in_use_can_be_read(hue, theme):
    poor = {}
    for sign, ground, least in TEXT + SIGNS:
        found = contrast(colour(sign, theme, HUES[hue]), colour(ground, theme, HUES[hue]))
        if found < least:
            poor[f"{sign} on {ground}"] = round(found, 2)
    assert not poor


# --- styles ---


@pytest.mark.parametrize("file", sorted(CSS.glob("*.css")), ids=lambda file: file.name)
def test_styles_turn_with_the_direction_of_writing(file):
    rules = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    physical = re.findall(
        r"(?:^|[;{\s])((?:[\w-]*-)?(?:left|right)(?:-[\w-]+)?\s*:[^;}]*|(?:float|clear|text-align):\s*(?:left|right))",
        rules,
    )
    assert not physical
    for name, sides in re.findall(r"(padding|margin|inset|border-radius): ([^;()]+);", rules):
        parts = sides.replace("!important", "").split()
        assert len(parts) < 4 or parts[1] == parts[3], f"{name}: {sides} names a physical side"


def test_no_template_writes_styles_or_scripts_into_the_page():
    for file in sorted((ROOT / "templates").rglob("*.html")):
        if "mail" in file.name and "extends" not in file.read_text():
            continue  # a mail carries its few styles with it
        text = file.read_text()
        assert not re.search(r'\sstyle="|<style|\son\w+="|javascript:', text), file.name
        assert not re.search(r"<script(?![^>]*(\ssrc=|application/))", text), file.name


# --- icons and vendored files ---


def test_every_icon_in_use_is_in_the_sprite():
    have = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / vendor.SPRITE).read_text()))
    missing: dict[str, str] = {}
    for file in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r"\{% icon [\"']([\w-]+)[\"']", file.read_text()):
            if name not in have:
                missing.setdefault(name, file.name)
    for folder in ("accounts", "cocreation", "proposals", "feedback", "platform"):
        for file in (ROOT / folder).rglob("*.py"):
            for name in re.findall(r"""(?:due_icon|icon)\s*[=:]\s*["']([\w-]+)["']""", file.read_text()):
                if name not in have:
                    missing.setdefault(name, file.name)
    assert not missing


def test_every_pattern_exists():
    have = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/patterns.svg").read_text()))
    used = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"\{% pattern [\"']([\w-]+)[\"']", file.read_text())
    }
    assert used <= have


def test_vendored_files_are_what_the_lock_says():
    assert vendor.check() == []


def test_a_changed_vendored_file_is_noticed(monkeypatch, tmp_path):
    lock = tmp_path / "vendor.lock.json"
    lock.write_text(
        vendor.LOCK.read_text().replace('"static/vendor/htmx.min.js": "', '"static/vendor/htmx.min.js": "0')
    )
    monkeypatch.setattr(vendor, "LOCK", lock)
    assert vendor.check() == ["static/vendor/htmx.min.js was changed"]


def test_a_first_visit_stays_light():
    first = [
        "vendor/kern.min.css",
        "vendor/icons.svg",
        "css/tokens.css",
        "css/city.css",
        "css/line.css",
        "js/toast.js",
    ]
    weight = sum(len(brotli.compress((ROOT / "static" / name).read_bytes())) for name in first)
    weight += (ROOT / "static/vendor" / vendor.FONT.format("latin")).stat().st_size
    # The page itself and htmx with the modules of a form come on top.
    assert weight <= 75_000
    extra = ["vendor/htmx.min.js", "js/focus.js", "js/counter.js", "js/autosave.js"]
    assert (
        weight + sum(len(brotli.compress((ROOT / "static" / name).read_bytes())) for name in extra) <= 93_000
    )
