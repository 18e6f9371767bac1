"""What was read from the council's servers: papers, meetings, where a paper is dealt with, and the proposals it is about."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution


class Source(models.Model):
    """A server the administration named: the address of an OParl System or of one Body of it."""

    url = models.URLField(_("address"), max_length=300, unique=True)
    name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # When it was asked last, and from when on the next question asks for changes: the begin of the last whole reading.
    asked_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    # Why the last reading failed: a word the page has a sentence for.
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("server of the council")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.url


class FromCouncil(models.Model):
    """A thing of the other server, by its address there. It is never taken away from us by being deleted there: it is marked."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    oparl = models.CharField(max_length=500)
    web = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=500, blank=True)
    deleted = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or self.oparl

    @property
    def page(self) -> str:
        """Where people read it."""
        return self.web or self.oparl


class Meeting(FromCouncil):
    starts = models.DateTimeField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "oparl"], name="council_meeting_once")]


class Paper(FromCouncil):
    """`addresses` are those it is known by, `receipts` the numbers of our proposals whose pages it names."""

    reference = models.CharField(max_length=120, blank=True)
    day = models.DateField(null=True, blank=True)
    addresses = ArrayField(models.CharField(max_length=500), default=list)
    receipts = ArrayField(models.CharField(max_length=16), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "oparl"], name="council_paper_once")]
        indexes = [
            GinIndex(fields=["addresses"], name="council_paper_addresses"),
            models.Index(fields=["source"], name="council_paper_naming_us", condition=~Q(receipts=[])),
        ]


class Consultation(models.Model):
    """A paper in a meeting: what the meeting was to do with it."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="consultations")
    # The address of the meeting on the other server: it may be read before or after the paper.
    meeting = models.CharField(max_length=500, db_index=True)
    role = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "meeting"], name="council_consultation_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} in {self.meeting}"


class InCouncil(models.Model):
    """A contribution and a paper that is about it: an answer leads to the paper, or the paper to the proposal."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="in_council")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="about")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contribution", "paper"], name="council_link_once")]

    def __str__(self) -> str:
        return f"{self.contribution_id} in {self.paper_id}"
