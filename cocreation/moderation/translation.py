from modeltranslation.translator import TranslationOptions, register

from cocreation.moderation.models import Rule


@register(Rule)
class RuleTranslation(TranslationOptions):
    fields = ("name", "text")
