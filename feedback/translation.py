from modeltranslation.translator import TranslationOptions, register

from feedback.models import (
    Commitment,
    Delay,
    Ending,
    EvaluationReport,
    FollowUp,
    HandOver,
    Milestone,
    OfficialAnswer,
    Plan,
    PlanParagraph,
    Spending,
    Task,
    Update,
)


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


@register([Plan, Task])
class TitleTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("de",)


@register([PlanParagraph, Update])
class TextTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("de",)


@register(Spending)
class SpendingTranslation(TranslationOptions):
    fields = ("what_for",)
    required_languages = ("de",)


@register([HandOver, Ending])
class ReasonTranslation(TranslationOptions):
    fields = ("reason",)
    required_languages = ("de",)


@register(EvaluationReport)
class EvaluationReportTranslation(TranslationOptions):
    fields = ("learned", "changes")
    required_languages = {"de": ("learned",)}
