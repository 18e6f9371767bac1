"""What a person at a terminal reads: numbered steps, and trouble in one sentence."""

import os
import sys

COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


class Trouble(Exception):
    """Something outside the code is in the way. Its text is the one sentence the person sees."""


def paint(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def say(text: str = "") -> None:
    print(text, flush=True)


def step(number: int, of: int, text: str) -> None:
    say(f"{paint(f'{number}/{of}', '2')} {text}")


def end_in_one_sentence(trouble: Exception) -> int:
    """Print the trouble without a traceback; the exit code to leave with."""
    sys.stdout.flush()
    print(paint("Stopped: ", "31") + str(trouble), file=sys.stderr, flush=True)
    return 1
