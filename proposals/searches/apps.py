from django.apps import AppConfig


class SearchesConfig(AppConfig):
    name = "proposals.searches"
    label = "searches"
