"""`manage.py recount`: rebuild every number that is a copy from the rows it was copied from."""

from typing import Any

from django.core.management.base import BaseCommand

from proposals.counts import rebuild_counts, rebuild_supports
from proposals.vocabulary import rebuild_words


class Command(BaseCommand):
    help = "Rebuilds the copied numbers of proposals (supports, counts beside filters, words to search by) from their rows."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = rebuild_supports()
        rebuild_counts()
        rebuild_words()
        self.stdout.write(
            f"{wrong} numbers of supports were wrong and are right now; the counts of lists and the words of search are new."
        )
