"""A day's workshop: six exercises that check answers in words, their material, and slides of the theory."""

from kamlib.workshop.answers import Answer, Verdict
from kamlib.workshop.exercises import Exercise, exercise
from kamlib.workshop.material import chances, messy_export, sales
from kamlib.workshop.theory import slides

__all__ = ["Answer", "Exercise", "Verdict", "chances", "exercise", "messy_export", "sales", "slides"]
