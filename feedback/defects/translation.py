from modeltranslation.translator import TranslationOptions, register

from feedback.defects.models import Service


@register(Service)
class ServiceTranslation(TranslationOptions):
    fields = ("name", "text", "group")
