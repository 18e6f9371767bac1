"""What a web server does before its first request, so that nobody waits for it: two seconds of importing views and two of reading
templates. gunicorn does it once, before it makes its processes (`--preload`): they share that memory, and one that takes over from a
recycled one is ready at once.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.urls import get_resolver


def up() -> None:
    from quartier.celery import know_tasks

    know_tasks()
    resolver = get_resolver()
    assert resolver.reverse_dict is not None  # reads every list of addresses, and with it the views
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            _read(engine)
    gc.collect()
    gc.freeze()  # what stands now stays: the collector need not look at it again, nor touch memory that processes share


def _read(engine: DjangoTemplates) -> None:
    """Those of other packages are read when they are needed: some cannot be without an app we do not have."""
    for folder in map(Path, engine.engine.dirs):
        for name in sorted(str(path.relative_to(folder)) for path in _templates(folder)):
            try:
                engine.get_template(name)
            except (
                TemplateDoesNotExist,
                TemplateSyntaxError,
            ):  # a page that is broken says so when it is asked for
                continue


def _templates(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in (".html", ".txt", ".xml", ".svg"))
