from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "proposals.budgets"
    label = "budgets"
