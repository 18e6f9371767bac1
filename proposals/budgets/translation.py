from modeltranslation.translator import TranslationOptions, register

from proposals.budgets.models import Division, Envelope


@register(Envelope)
class EnvelopeTranslation(TranslationOptions):
    fields = ("title",)


@register(Division)
class DivisionTranslation(TranslationOptions):
    fields = ("source", "reason")
