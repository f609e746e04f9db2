"""Toys, and two tables that readers of the journal write to in tests."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from linli.mechanisms.flow.subject import Subject


class Toy(Subject):
    """玩具."""

    number = models.CharField(max_length=20, unique=True)
    note = models.TextField(blank=True)
    handler = models.CharField(max_length=40, blank=True)
    labels = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(note="forbidden"), name="toy_note_allowed")]

    def __str__(self) -> str:
        """By number."""
        return self.number

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"toy:{self.number}"


class Effect(models.Model):
    """What a reader or a timer did: a row each time, and no constraint that would hide a second time."""

    id = models.BigAutoField(primary_key=True)
    who = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    seq = models.IntegerField(default=0)

    def __str__(self) -> str:
        """Who and what."""
        return f"{self.who} {self.subject} {self.seq}"


class Tally(models.Model):
    """A projection: how many facts of each kind a toy has, and the last."""

    subject = models.CharField(max_length=100, primary_key=True)
    count = models.IntegerField()
    last = models.CharField(max_length=80)

    def __str__(self) -> str:
        """Subject and count."""
        return f"{self.subject}: {self.count}"
