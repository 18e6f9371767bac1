from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "cocreation.conversation"
    label = "conversation"
