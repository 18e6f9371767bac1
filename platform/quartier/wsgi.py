"""The web server's entry."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.settings.prod")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from quartier import warm  # noqa: E402

warm.up()
