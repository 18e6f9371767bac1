from modeltranslation.translator import TranslationOptions, register

from cocreation.conversation.models import Summary


@register(Summary)
class SummaryTranslation(TranslationOptions):
    fields = ("text",)
