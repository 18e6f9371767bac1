"""Finished votes from published data: a Pabulib file becomes a process with its projects, ballots and count.

    process = take_over(Path("Poland_Wroclaw_2018.pb.gz"), at=clock.now())

Everything or nothing, in one transaction; the same file a second time is found by its hash. Ballots stream through COPY,
so memory grows with the projects and not with the voters. Age and sex of voters, where a file has them, are not taken.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from cocreation.methods import methods
from cocreation.models import Contribution, Office, Phase, Place, Process
from cocreation.recipes import free_slug
from groundwork.journal import api as journal
from proposals.actions import ProposalText, insert_proposal, move_stage
from proposals.ballots import pabulib
from proposals.ballots.actions import insert_options, publish_tally, tally_vote
from proposals.ballots.models import Turnout, Vote
from proposals.ballots.tally import LEXICOGRAPHIC_ID, Amount, BallotKind
from proposals.models import Proposal, Stage

HUES = ("moss", "river", "clay", "plum", "sun", "violet")
PATTERNS = ("fields", "river", "streets", "tiles", "roofs", "trees")
LANGUAGES = {"Poland": "pl", "France": "fr", "Netherlands": "nl", "Germany": "de"}
CHANNELS = {"internet": "web", "paper": "paper"}
MOST_MONEY = 10**12

# Pabulib's categories in English, as they stand in files, and our theme for each.
THEMES = {
    "urban greenery": "green", "nature and greenery": "green", "greenery/recreation": "green", "parks & recreation": "green",
    "environmental protection": "climate", "environment": "climate", "nature": "climate",
    "public transit and roads": "mobility", "walking/cycling infrastructure": "mobility", "roads": "mobility",
    "bicycle infrastructure": "mobility", "streets": "mobility", "sidewalks & transit": "mobility", "transportation": "mobility",
    "public transit": "mobility", "culture": "culture", "culture & community": "culture",
    "education": "youth", "education and science": "youth", "children and youth": "youth", "playgrounds": "youth",
}  # fmt: skip
# The same words for readers of Polish files, whose titles are Polish too.
POLISH = {
    "public space": "przestrzeń publiczna", "education": "edukacja", "culture": "kultura", "sport": "sport",
    "environmental protection": "ochrona środowiska", "urban greenery": "zieleń miejska", "health": "zdrowie",
    "public transit and roads": "transport i drogi", "welfare": "pomoc społeczna", "children": "dzieci",
    "seniors": "seniorzy", "adults": "dorośli", "youth": "młodzież", "people with disabilities": "osoby z niepełnosprawnościami",
    "families with children": "rodziny z dziećmi", "students": "studenci", "animals": "zwierzęta",
}  # fmt: skip


class NotImportable(Exception):
    """The file is well-formed but cannot become a vote here; the sentence says why."""


def take_over(path: Path, *, at: datetime) -> tuple[Process, bool]:
    """The process of this file and whether it is new. Raises MalformedFile or NotImportable; then nothing has changed."""
    digest = pabulib.content_hash(path)
    there = Process.objects.filter(content_hash=digest).first()
    if there is not None:
        return there, False
    election = pabulib.read(path)
    if election.profile.kind is not BallotKind.APPROVAL:
        raise NotImportable(
            f"Its votes are {election.profile.kind.value} votes; only approval and choose-1 votes can be taken over."
        )
    if not election.projects:
        raise NotImportable("It lists no projects.")
    with transaction.atomic():
        process = _process(path, election, digest, at)
        vote = _vote(process, election)
        methods_seen = _ballots(vote, path)
        official = election.official
        tally = tally_vote(
            vote, at=vote.counted_at or at,
            more={"channels": dict(methods_seen)}
            | ({"official": list(official), "official_rule": election.meta.get("rule", "")} if official is not None else {}),
        )  # fmt: skip
        publish_tally(tally, at=tally.at)
        journal.record(
            "process.published", on=process, process=process, at=at, data={"source": process.source}
        )
    return process, True


# --- the process ---


def _process(path: Path, election: pabulib.Election, digest: str, at: datetime) -> Process:
    meta = election.meta
    starts, ends = _times(meta)
    if ends > at:
        raise NotImportable("Its vote is not over yet.")
    town, part, year = (
        meta.get("unit") or meta.get("country") or path.stem,
        _part(meta),
        f"{timezone.localtime(ends):%Y}",
    )
    name = f"{town}, {part} {year}" if part else f"{town} {year}"
    process = Process(
        slug=free_slug(_ascii(name)), office=_office(), promise=Process.Promise.EMPOWER, recipe="participatory_budget",
        source=f"Pabulib: {path.name}"[:200], content_hash=digest, published_at=starts,
        hue=HUES[int(digest[0], 16) % len(HUES)], pattern=PATTERNS[int(digest[1], 16) % len(PATTERNS)],
    )  # fmt: skip
    where = f"{town}, {part}" if part else town
    for language, question, lead in [
        (
            "de",
            "Was bekam {year} Geld in {where}?",
            "Veröffentlichte Stimmzettel einer anderen Stadt: {n} Projekte, {votes} Stimmen.",
        ),
        (
            "en",
            "What got money in {where} in {year}?",
            "Published ballots of another city: {n} projects, {votes} votes.",
        ),
    ]:
        words = {"year": year, "where": where, "n": len(election.projects), "votes": election.profile.voters}
        setattr(process, f"title_{language}", name[:80])
        setattr(process, f"question_{language}", question.format(**words)[:160])
        setattr(process, f"lead_{language}", lead.format(**words))
    process.save()
    process.places.set([_place(town, part)])
    phase = Phase(
        process=process,
        key="vote",
        method="ballot",
        starts=starts,
        ends=ends,
        name_de="Abstimmung",
        name_en="Vote",
    )
    method = methods.get("ballot")
    phase.acts = [act.slug for act in method.acts]
    phase.audience = {act: method.default_audience(act) for act in phase.acts}
    phase.set_opts(
        method.options(budget=_money("The budget", election.budget), tie_rule=LEXICOGRAPHIC_ID.name)
    )
    phase.full_clean()
    phase.save()
    return process


def _ascii(name: str) -> str:
    """Letters that Unicode does not take apart into a plain one and an accent."""
    return name.translate(str.maketrans("łŁøØ", "lLoO"))


def _part(meta: Mapping[str, str]) -> str:
    """The part of the town the vote was about, without repeating the town."""
    part = meta.get("subunit") or meta.get("district") or ""
    return " ".join(part.replace("|", "·").split())[:60]


def _times(meta: Mapping[str, str]) -> tuple[datetime, datetime]:
    """[first day, day after the last); a file that names only a year was open all year."""
    begin, end = _day(meta.get("date_begin", "")), _day(meta.get("date_end", ""))
    year = re.search(r"\b(19|20)\d\d\b", meta.get("instance", "") + " " + meta.get("date_begin", ""))
    if begin is None and end is None and year is None:
        raise NotImportable(
            "It does not say when the vote was: date_begin, date_end and the year in instance are missing."
        )
    if begin is None or end is None or end < begin:
        known = begin or end
        begin = known or datetime(int(year[0]), 1, 1)  # type: ignore[index]
        end = known or datetime(int(year[0]), 12, 31)  # type: ignore[index]
    zone = timezone.get_default_timezone()
    return begin.replace(tzinfo=zone), (end + timedelta(days=1)).replace(tzinfo=zone)


def _day(text: str) -> datetime | None:
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None


def _place(town: str, part: str) -> Place:
    def find(slug: str, name: str, kind: str, parent: Place | None) -> Place:
        slug = slugify(_ascii(slug))[:60] or "place"
        made = {"kind": kind, "parent": parent, "name_de": name[:80], "name_en": name[:80]}
        return Place.objects.get_or_create(slug=slug, defaults=made)[0]

    whole = find(town, town, Place.Kind.MUNICIPALITY, None)
    return find(f"{town}-{part}", part, Place.Kind.DISTRICT, whole) if part else whole


def _office() -> Office:
    made = {"short": "VD", "name_de": "Veröffentlichte Daten", "name_en": "Published data"}
    return Office.objects.get_or_create(slug="published-data", defaults=made)[0]


# --- the vote ---


def _vote(process: Process, election: pabulib.Election) -> Vote:
    phase = process.phases.get()
    starts, ends = phase.starts, phase.ends
    assert starts and ends
    vote = Vote(
        phase=phase, budget=_money("The budget", election.budget), currency=election.meta.get("currency", "EUR")[:3] or "EUR",
        tie_rule=LEXICOGRAPHIC_ID.name, opened_at=starts, counted_at=ends,
    )  # fmt: skip
    if vote.budget <= 0:
        raise NotImportable("Its budget is zero.")
    vote.save(force_insert=True)
    place = process.places.get()
    language = election.meta.get("language") or LANGUAGES.get(election.meta.get("country", ""), "en")
    wanted: list[tuple[Proposal, Decimal, str]] = []
    for number, listed in enumerate(election.projects):
        if len(listed.id) > 60:
            raise NotImportable(f"The project id {listed.id[:60]!r} … is longer than 60 characters.")
        proposal = _proposal(process, listed, place, language[:5], number, starts)
        proposal.cost = _money(f"The project {listed.id!r}", listed.project.cost)
        proposal.save(update_fields=["cost"])
        move_stage(proposal, Stage.ON_BALLOT, at=starts, data={"budget": str(vote.budget)})
        wanted.append((proposal, proposal.cost, listed.id))
    insert_options(vote, wanted)
    return vote


def _proposal(
    process: Process, listed: pabulib.ListedProject, place: Place, language: str, number: int, at: datetime
) -> Proposal:
    contribution = Contribution(
        kind="proposal",
        process=process,
        channel=Contribution.Channel.IMPORT,
        language=language,
        created_at=at,
    )
    contribution.publish(at)
    contribution.save()
    name = " ".join(listed.name.split()) or listed.id
    categories, targets = (
        ", ".join(_said(word, language) for word in words) for words in (listed.categories, listed.targets)
    )
    text = ProposalText(
        title=_cut(name, 120), summary=_cut(name, 200) if len(name) > 120 else _cut(categories or name, 200),
        body="\n\n".join(part for part in (name, listed.more.get("description", ""), categories, targets) if part)[:10_000],
        language=language, place=place, theme=_theme(listed), hue=HUES[number % 6], pattern=PATTERNS[(number * 5 + number // 6) % 6],
    )  # fmt: skip
    return insert_proposal(contribution, text, by=None, at=at)


def _said(word: str, language: str) -> str:
    return POLISH.get(word, word) if language == "pl" else word


def _theme(listed: pabulib.ListedProject) -> str:
    found = [THEMES[word.lower()] for word in listed.categories if word.lower() in THEMES]
    if not found and {"children", "youth", "students"} & set(listed.targets):
        return "youth"
    return found[0] if found else "meeting"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rsplit(' ', 1)[0][: most - 2]} …"


def _money(what: str, amount: Amount) -> Decimal:
    cents = Fraction(amount) * 100
    if cents.denominator != 1 or abs(cents) >= 100 * MOST_MONEY:
        raise NotImportable(f"{what} has an amount that is no money: more than two places, or too large.")
    return Decimal(cents.numerator) / 100


def _ballots(vote: Vote, path: Path) -> Counter[str]:
    """Every ballot through COPY, under a fresh random key; returns how the votes came in."""
    options = dict(vote.options.values_list("code", "pk"))
    ways: Counter[str] = Counter()
    with connection.cursor() as cursor, cursor.copy(
        "copy ballots_castballot (id, vote_id, choice, channel) from stdin (format binary)"
    ) as copy:  # fmt: skip
        copy.set_types(["uuid", "int8", "int8[]", "varchar"])
        for ballot in pabulib.iter_votes(path):
            chosen = sorted({options[code] for code in ballot.choices})
            copy.write_row((uuid.uuid4(), vote.pk, chosen, "import"))
            ways[CHANNELS.get((ballot.voting_method or "").lower(), "import")] += 1
    if count := sum(ways.values()):
        Turnout.objects.create(vote=vote, count=count, at=vote.counted_at or vote.opened_at)
    return ways
