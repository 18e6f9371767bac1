from modeltranslation.translator import TranslationOptions, register

from feedback.models import Commitment, Delay, Milestone, OfficialAnswer


@register(OfficialAnswer)
class OfficialAnswerTranslation(TranslationOptions):
    fields = ("reason",)
    required_languages = ("de",)


@register(Commitment)
class CommitmentTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"de": ("title",)}


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("de",)


@register(Delay)
class DelayTranslation(TranslationOptions):
    fields = ("reason",)
    required_languages = ("de",)
