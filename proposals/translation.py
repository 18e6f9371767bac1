from modeltranslation.translator import TranslationOptions, register

from proposals.models import Assessment


@register(Assessment)
class AssessmentTranslation(TranslationOptions):
    fields = ("reason", "way_on")
    required_languages = {"de": ("reason",)}
