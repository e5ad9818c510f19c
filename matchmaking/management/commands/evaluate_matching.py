"""Print what replies teach about the weights, round by round."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.services.learning import lessons
from matchmaking.services.learning_in_words import lessons_in_words

ROUNDS = (
    "round",
    "welcome/all",
    "NDCG now",
    "NDCG learned",
    "half now",
    "half learned",
)


class Command(BaseCommand):
    help = "What replies teach about the weights: NDCG and acceptance by round"

    def handle(self, **_options: Any) -> None:
        page = lessons_in_words(lessons())
        self.stdout.write(page.summary)
        for label, before, after, why in page.factors:
            self.stdout.write(f"{before:>6} -> {after:>6}  {label}: {why}")
        if page.rounds:
            self.stdout.write("\t".join(ROUNDS))
        for row in page.rounds:
            self.stdout.write("\t".join(row))
