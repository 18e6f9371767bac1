"""A vote and its ballots. Who took part and what was chosen meet in no table, no order and no time column here.

While a vote is open there are slots: one per eligible person, named by a keyed hash, each with a sealed choice or
none. After the count there are ballots: a choice each, without any trace of a slot.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from cocreation.models import Phase, Process
from proposals.ballots.kinds import Kind
from proposals.ballots.sealing import SEALED_BYTES
from proposals.ballots.tally import LOT, LOWEST_COST_THEN_ID, RULES_TO_COMPARE
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person

TAG_BYTES = 32


class HasBytes(Func):
    """Whether a binary column holds exactly so many bytes: `HasBytes("tag", Value(32))`."""

    template = "octet_length(%(expressions)s)"
    arg_joiner = ") = ("
    output_field = models.BooleanField()


class Sha256(Func):
    """The SHA-256 of a text in hex, as the database computes it: `Sha256("lot_seed")`."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = models.CharField()


class AsLong(Func):
    """Whether two array columns have the same length: `AsLong("points", "choice")`."""

    template = "cardinality(%(expressions)s)"
    arg_joiner = ") = cardinality("
    output_field = models.BooleanField()


class Paper(models.TextChoices):
    """Whether a vote is also held on paper, and which ballot of one person counts."""

    NONE = "", _("No, only online")
    PAPER_COUNTS = "paper", _("Yes, and the ballot on paper counts")
    ONLINE_COUNTS = "online", _("Yes, and the online ballot counts")


class Vote(models.Model):
    """What was fixed when a ballot phase opened: the money, the rule, what a ballot is and when it counts."""

    phase = models.OneToOneField(Phase, primary_key=True, on_delete=models.PROTECT, related_name="vote")
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    rule = models.SlugField(max_length=40, default="greedy_cost")
    tie_rule = models.SlugField(max_length=40, default=LOWEST_COST_THEN_ID.name)
    # Where a lot decides ties: the SHA-256 of its seed, public from the opening, and the seed, public from the count.
    lot_promise = models.CharField(max_length=64, blank=True, default="")
    lot_seed = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.APPROVAL)
    # Whether what is approved of must not cost more than the budget. Points and rankings do not look at the money.
    within_budget = models.BooleanField(default=True)
    # Whether the outcome of Equal Shares is held against the one of most votes first, and voters decide which one stands.
    compares = models.BooleanField(default=False, db_default=False)
    # So many points may be shared out, and so many at most for one project (null: all of them).
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    most_points = models.PositiveSmallIntegerField(null=True, blank=True)
    min_choices = models.PositiveSmallIntegerField(default=1)
    max_choices = models.PositiveSmallIntegerField(null=True, blank=True)
    # Whether people may also vote on paper, and which ballot counts of whoever votes both ways. After the close there are
    # so many days to enter what is on paper.
    paper = models.CharField(max_length=6, choices=Paper.choices, default=Paper.NONE, blank=True)
    paper_days = models.PositiveSmallIntegerField(default=3)
    # Shares of the budget that go first to some of the projects: [{"theme", "percent", "amount", "projects"}], in order.
    # The amount is exact text and the projects are codes of options, fixed at the opening.
    reserves = models.JSONField(default=list, blank=True)
    # What is asked where people answer questions, as it was set up: questions.py reads it.
    questions = models.JSONField(default=list, blank=True)
    # Parts of the money with projects, numbers and a rule of their own, as they were fixed: envelopes.py reads them. A person votes
    # in all of them, or in so many; those of places may be only for the people who live there.
    envelopes = models.JSONField(default=list, db_default=[], blank=True)
    most_envelopes = models.PositiveSmallIntegerField(null=True, blank=True)
    envelopes_at_home = models.BooleanField(default=False, db_default=False)
    # How many people may vote; unknown for votes taken over from published data.
    eligible = models.PositiveIntegerField(null=True, blank=True)
    # Seals the choices. Its private half and the pepper of the tags are in a file outside the database (keys.py).
    # Votes taken over from published data never had one.
    public_key = models.BinaryField(max_length=32, null=True)
    opened_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)
    # When those who follow the process were told that the vote ends soon: once (reminding.py).
    reminded_at = models.DateTimeField(null=True, blank=True)
    # When it was last looked who wants a mail about their receipt: at set times only (mailing.py).
    mailed_at = models.DateTimeField(null=True, blank=True)
    # When two people destroyed the key and the pepper: from then on nobody can tell whose a slot was, also from a backup.
    keys_destroyed_at = models.DateTimeField(null=True, blank=True)

    # Not stored: code and name of the envelope where this is a section of a vote (envelopes.py), else nothing.
    part = part_name = ""

    class Meta:
        verbose_name = _("vote")
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__gt=0) | Q(kind="answers", budget=0), name="ballots_vote_budget_positive"
            ),
            models.CheckConstraint(
                condition=Q(public_key__isnull=False) | Q(counted_at__isnull=False),
                name="ballots_vote_open_has_key",
            ),
            models.CheckConstraint(condition=Q(min_choices__gte=1), name="ballots_vote_min_choices_positive"),
            models.CheckConstraint(condition=Q(paper__in=Paper.values), name="ballots_vote_paper_known"),
            models.CheckConstraint(
                condition=Q(kind="approval")
                | Q(kind__in=["points", "ranking", "answers"], within_budget=False),
                name="ballots_vote_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(compares=False) | Q(kind="approval", rule__in=RULES_TO_COMPARE),
                name="ballots_vote_compares_equal_shares",
            ),
            models.CheckConstraint(
                condition=Q(kind="answers") ^ Q(questions=[]), name="ballots_vote_questions_with_their_kind"
            ),
            models.CheckConstraint(
                condition=Q(envelopes=[], most_envelopes__isnull=True, envelopes_at_home=False)
                | (
                    ~Q(envelopes=[])
                    & ~Q(kind="answers")
                    & (Q(most_envelopes__isnull=True) | Q(most_envelopes__gte=1))
                    & Q(rule="each_envelope", reserves=[], compares=False)
                    & (Q(paper="") | Q(kind="approval", envelopes_at_home=False))
                ),
                name="ballots_vote_envelopes_stand_alone",
            ),
            models.CheckConstraint(
                condition=Q(kind="points", points__isnull=False, points__gte=1)
                | (~Q(kind="points") & Q(points__isnull=True)),
                name="ballots_vote_points_with_their_kind",
            ),
            models.CheckConstraint(
                condition=Q(most_points__isnull=True)
                | Q(points__isnull=False, most_points__gte=1, most_points__lte=F("points")),
                name="ballots_vote_most_points_within_points",
            ),
            models.CheckConstraint(
                condition=Q(max_choices__isnull=True) | Q(max_choices__gte=F("min_choices")),
                name="ballots_vote_max_choices_not_below_min",
            ),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(counted_at__gte=F("opened_at")),
                name="ballots_vote_opened_before_counted",
            ),
            models.CheckConstraint(
                condition=Q(keys_destroyed_at__isnull=True) | Q(counted_at__isnull=False),
                name="ballots_vote_keys_kept_until_counted",
            ),
            models.CheckConstraint(
                condition=Q(tie_rule=LOT) ^ Q(lot_promise=""), name="ballots_vote_lot_is_promised"
            ),
            models.CheckConstraint(
                condition=Q(lot_seed="") | Q(lot_promise=Sha256("lot_seed")),
                name="ballots_vote_lot_is_the_promised_one",
            ),
            models.CheckConstraint(
                condition=Q(tie_rule=LOT, counted_at__isnull=False) ^ Q(lot_seed=""),
                name="ballots_vote_lot_told_with_the_count",
            ),
        ]

    def __str__(self) -> str:
        return str(self.phase)


class BallotOption(models.Model):
    """A proposal on a ballot, with the cost it had when the vote opened. `code` is its number in every download."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="options")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="ballot_options")
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    # Counted from 1: the bit of this option in a sealed choice.
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "proposal"], name="ballots_option_proposal_once"),
            models.UniqueConstraint(fields=["vote", "position"], name="ballots_option_position_once"),
            models.UniqueConstraint(fields=["vote", "code"], name="ballots_option_code_once"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="ballots_option_cost_not_negative"),
            models.CheckConstraint(condition=Q(position__gte=1), name="ballots_option_position_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.proposal_id}"


class Slot(models.Model):
    """The place of one eligible person in one vote: a keyed hash and a sealed choice. Nothing else, and no time.

    `closed`: the person votes on paper ("paper" by a code, "desk" at the town hall), so nothing can be cast online any
    more. The ballots of a box are dealt to closed slots by chance: what lies in one of them is not that person's choice.
    """

    tag = models.BinaryField(primary_key=True, max_length=TAG_BYTES)
    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="slots")
    choice = models.BinaryField(max_length=SEALED_BYTES, null=True)
    closed = models.CharField(max_length=5, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(HasBytes("tag", Value(TAG_BYTES))), name="ballots_slot_tag_length"
            ),
            models.CheckConstraint(
                condition=Q(choice__isnull=True) | Q(HasBytes("choice", Value(SEALED_BYTES))),
                name="ballots_slot_choice_of_one_length",
            ),
            models.CheckConstraint(
                condition=Q(closed__in=["", "paper", "desk"]), name="ballots_slot_closed_known"
            ),
        ]

    def __str__(self) -> str:
        return "slot"


class ReceiptMail(models.Model):
    """That this person wants a mail which says that their ballot is on the board. Rows come in batches, at set times and in
    the order of the people, and go when the vote is counted and the mails are out (mailing.py)."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="receipt_mails")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    posted_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "person"], name="ballots_receiptmail_once")]
        indexes = [
            models.Index(
                fields=["attempts", "person"],
                name="ballots_receiptmail_waiting",
                condition=Q(posted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"receipt mail of {self.vote_id}"


class CastBallot(models.Model):
    """One ballot after the count, inserted in random order under a fresh key. `choice` holds keys of options, of a ranking
    in its order, the best first; `points` as many numbers in the same order where points were shared out. Where questions were answered they are
    positions of lines and the numbers of the answers (questions.py)."""

    class Channel(models.TextChoices):
        WEB = "web", _("Online")
        PAPER = "paper", _("Paper")
        DESK = "desk", _("At the town hall")
        IMPORT = "import", _("Published data")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="ballots")
    choice = ArrayField(models.BigIntegerField())
    points = ArrayField(models.IntegerField(), null=True)
    channel = models.CharField(max_length=6, choices=Channel.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["web", "paper", "desk", "import"]), name="ballots_cast_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(AsLong("points", "choice")),
                name="ballots_cast_points_for_each",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TallyQuerySet(models.QuerySet["Tally"]):
    def published(self) -> TallyQuerySet:
        return self.filter(published_at__isnull=False)

    def visible_to(self, person: Person | None) -> TallyQuerySet:
        """Published results of processes this person may see."""
        return self.published().filter(vote__phase__process__in=Process.objects.visible_to(person))

    def waiting(self) -> TallyQuerySet:
        """Counted, and not yet public."""
        return self.filter(published_at__isnull=True)


class Tally(models.Model):
    """A count: the rule, every round, and the checksum of the ballots file it was made from. Nobody but those who
    publish it sees it before two of them have (publishing.py)."""

    vote = models.OneToOneField(Vote, primary_key=True, on_delete=models.CASCADE, related_name="tally")
    rule = models.SlugField(max_length=40)
    result = models.JSONField()
    input_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = TallyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at", "-vote"], name="ballots_tally_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(published_at__gte=F("at")),
                name="ballots_tally_counted_before_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id}: {self.rule}"


class Turnout(models.Model):
    """How many have voted: published only when at least twenty new ones came in, or after the close."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="turnouts")
    count = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "count"], name="ballots_turnout_count_once")]
        indexes = [models.Index(fields=["vote", "-at"], name="ballots_turnout_newest")]

    def __str__(self) -> str:
        return f"{self.vote_id}: {self.count}"


class BoardLeaf(models.Model):
    """One line of the bulletin board, public from the mixing that wrote it: a commitment to a ballot, and nothing that
    tells whose or what. It is never changed or taken away; after the count it is opened, once (migration 0005).

    `opening` is sealed: credential and commitment. After the count both are public; `choice` (kinds.texts) and
    `nonce` only of leaves that count. A later leaf of the same credential has superseded the others.
    """

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="leaves")
    position = models.PositiveIntegerField()
    leaf = models.BinaryField(max_length=32)
    opening = models.BinaryField(max_length=SEALED_BYTES)
    credential = models.BinaryField(max_length=16, null=True)
    commitment = models.BinaryField(max_length=32, null=True)
    nonce = models.BinaryField(max_length=32, null=True)
    choice = ArrayField(models.CharField(max_length=70), null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "position"], name="ballots_leaf_position_once"),
            models.UniqueConstraint(fields=["vote", "leaf"], name="ballots_leaf_once"),
            models.CheckConstraint(
                condition=Q(HasBytes("leaf", Value(32))) & Q(HasBytes("opening", Value(SEALED_BYTES))),
                name="ballots_leaf_of_one_length",
            ),
            models.CheckConstraint(
                condition=Q(credential__isnull=True, commitment__isnull=True, nonce__isnull=True, choice__isnull=True)
                | Q(credential__isnull=False, commitment__isnull=False, nonce__isnull=True, choice__isnull=True)
                | Q(credential__isnull=False, commitment__isnull=False, nonce__isnull=False, choice__isnull=False),
                name="ballots_leaf_opened_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.vote_id}: {self.position}"


class TreeHead(models.Model):
    """What the city signed: this many leaves, this root, at this time. Witnesses keep copies of it."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="heads")
    size = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering = ["size"]
        constraints = [models.UniqueConstraint(fields=["vote", "size"], name="ballots_head_size_once")]
        indexes = [models.Index(fields=["-at", "-id"], name="ballots_head_newest")]

    def __str__(self) -> str:
        return f"{self.vote_id}: {self.size}"
