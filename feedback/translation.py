from modeltranslation.translator import TranslationOptions, register

from feedback.models import Commitment, Delay, FollowUp, Milestone, OfficialAnswer, Plan, PlanParagraph


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


@register(FollowUp)
class FollowUpTranslation(TranslationOptions):
    fields = ("reply",)


@register(Plan)
class PlanTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("de",)


@register(PlanParagraph)
class PlanParagraphTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("de",)
