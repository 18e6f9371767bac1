from django.apps import AppConfig


class WebApiConfig(AppConfig):
    name = "groundwork.webapi"
    label = "webapi"
