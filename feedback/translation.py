from modeltranslation.translator import TranslationOptions, register

from feedback.models import (
    Commitment,
    Delay,
    Ending,
    EvaluationReport,
    HandOver,
    Milestone,
    OfficialAnswer,
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


@register(Update)
class UpdateTranslation(TranslationOptions):
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


@register(Task)
class TaskTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("de",)


@register(EvaluationReport)
class EvaluationReportTranslation(TranslationOptions):
    fields = ("learned", "changes")
    required_languages = {"de": ("learned",)}
