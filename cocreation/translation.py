"""City-owned texts exist once per language, as columns: queries stay simple and a missing one is visible."""

from modeltranslation.translator import TranslationOptions, register

from cocreation.models import ChangeRecord, GateAnswer, Group, Office, Phase, Place, Process, SavedRecipe


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ("name",)


@register(Office)
class OfficeTranslation(TranslationOptions):
    fields = ("name",)


@register(Process)
class ProcessTranslation(TranslationOptions):
    fields = (
        "title",
        "question",
        "lead",
        "what_open",
        "what_fixed",
        "how_decided",
        "decides",
        "offline",
        "stop_reason",
    )


@register(Phase)
class PhaseTranslation(TranslationOptions):
    fields = ("name", "text")


@register(Group)
class GroupTranslation(TranslationOptions):
    fields = ("name",)


@register(SavedRecipe)
class SavedRecipeTranslation(TranslationOptions):
    fields = ("name", "about")


@register(GateAnswer)
class GateAnswerTranslation(TranslationOptions):
    fields = ("text", "reason")


@register(ChangeRecord)
class ChangeRecordTranslation(TranslationOptions):
    fields = ("reason",)
