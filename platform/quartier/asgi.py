"""The entry of the live server: web sockets for what people do at the same moment. Pages are the web server's (wsgi.py);
here they only answer where nothing stands in front."""

import os
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.settings.prod")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.apps import apps  # noqa: E402
from django.urls import re_path  # noqa: E402
from django.utils.module_loading import module_has_submodule  # noqa: E402

from groundwork.sockets import refuse, same_origin  # noqa: E402
from quartier.celery import know_tasks  # noqa: E402

know_tasks()

_sockets = [
    address
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in {"accounts", "cocreation", "proposals", "feedback"}
    and module_has_submodule(app.module, "sockets")
    for address in import_module(f"{app.name}.sockets").websocket_urlpatterns
]

_nowhere = re_path(r"", refuse)  # type: ignore[arg-type]  # the stubs know views only

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": same_origin(AuthMiddlewareStack(URLRouter([*_sockets, _nowhere]))),
    }
)
