from modeltranslation.translator import TranslationOptions, register

from proposals.budgets.models import Envelope


@register(Envelope)
class EnvelopeTranslation(TranslationOptions):
    fields = ("title",)
