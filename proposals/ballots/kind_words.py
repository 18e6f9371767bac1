"""The sentences of a ballot by its kind: what one does, what is left, what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.html import say
from proposals.ballots import answer_words, envelopes, kinds, words
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.rules import State, most_for_one


def heading(vote: Vote) -> str:
    if vote.kind == Kind.POINTS:
        return _("Share out your points")
    if vote.kind == Kind.RANKING:
        return _("Put projects in your order")
    if vote.kind == Kind.ANSWERS:
        return _("Answer the questions")
    return _("Choose your projects")


def task(vote: Vote) -> str:
    """What one does on this ballot, in a sentence or two."""
    if vote.kind == Kind.POINTS:
        said = ngettext(
            "You have %(n)s point. Give it to the project you want most.",
            "You have %(n)s points. Give them to the projects you want most.",
            vote.points or 0,
        ) % {"n": say.number(vote.points or 0)}
        most = most_for_one(vote)
        if most < (vote.points or 0):
            said += " " + ngettext(
                "One project can get at most %(n)s point.", "One project can get at most %(n)s points.", most
            ) % {"n": say.number(most)}
        return said
    if vote.kind == Kind.RANKING:
        return _("Put the projects you want into your order, the one you want most on place 1.")
    if vote.kind == Kind.ANSWERS:
        return _("Answer the questions you want to answer. You may leave a question open.")
    if vote.within_budget:
        return _("Choose projects that cost at most %(budget)s together.") % {
            "budget": words.amount(vote.budget, vote.currency)
        }
    if vote.max_choices is None:
        return _("Choose all projects you want. What they cost does not limit you here.")
    return ngettext(
        "Choose %(n)s project you want. What it costs does not limit you here.",
        "Choose up to %(n)s projects you want. What they cost does not limit you here.",
        vote.max_choices,
    ) % {"n": vote.max_choices}


def left(vote: Vote, state: State) -> tuple[str, str, str]:
    """For the strip: what the number is, the number, and the bar in words."""
    if vote.envelopes:
        done, whole = say.number(int(state.spent)), say.number(int(state.whole or 0))
        return (
            _("Your vote counts in"),
            _("%(n)s of %(whole)s") % {"n": done, "whole": whole},
            _("Your vote counts in %(n)s of %(whole)s envelopes") % {"n": done, "whole": whole},
        )
    if vote.kind == Kind.APPROVAL and vote.within_budget:
        free = words.amount(state.left or 0, vote.currency)
        whole = words.amount(vote.budget, vote.currency)
        return (
            _("Left of %(whole)s") % {"whole": whole},
            free,
            _("%(left)s of %(whole)s are left") % {"left": free, "whole": whole},
        )
    if vote.kind == Kind.POINTS:
        free, whole = say.number(int(state.left or 0)), say.number(vote.points or 0)
        return (
            _("Points left of %(whole)s") % {"whole": whole},
            free,
            _("%(left)s of %(whole)s points are left") % {"left": free, "whole": whole},
        )
    if vote.kind == Kind.ANSWERS:
        done, whole = say.number(int(state.spent)), say.number(int(state.whole or 0))
        return (
            _("Answered"),
            _("%(n)s of %(whole)s") % {"n": done, "whole": whole},
            _("%(n)s of %(whole)s questions are answered") % {"n": done, "whole": whole},
        )
    label = _("In your order") if vote.kind == Kind.RANKING else _("Chosen")
    count = say.number(len(state.chosen))
    if state.whole is None:
        return label, count, ""
    said = _("%(n)s of %(whole)s") % {"n": count, "whole": say.number(int(state.whole))}
    return label, said, f"{label}: {said}"


def segments(vote: Vote, options: Sequence[BallotOption], state: State) -> list[tuple[str, object]]:
    """The bar of the strip: hue and size of everything chosen."""
    if vote.kind == Kind.ANSWERS or vote.envelopes:
        return [(vote.phase.process.hue, state.spent)] if state.spent else []
    by_key = {option.pk: option for option in options}
    order = state.chosen if vote.kind == Kind.RANKING else [pk for pk in by_key if pk in state.chosen]
    found: list[tuple[str, object]] = []
    for key in order:
        option = by_key.get(key)
        if option is None:
            continue
        size: object = 1
        if isinstance(state.chosen, Mapping):
            size = state.chosen[key]
        elif vote.kind == Kind.APPROVAL and vote.within_budget:
            size = option.cost
        found.append((option.proposal.hue, size))
    return found


def done(vote: Vote, state: State, until: str) -> str:
    """A whole ballot in the box: what is on it, and until when it can be changed."""
    if vote.kind == Kind.POINTS:
        return ngettext(
            "You have given %(n)s point. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
            "You have given %(n)s points. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
            int(state.spent),
        ) % {"n": say.number(int(state.spent)), "until": until}
    if vote.kind == Kind.ANSWERS:
        return ngettext(
            "You have answered %(n)s question. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
            "You have answered %(n)s questions. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
            int(state.spent),
        ) % {"n": say.number(int(state.spent)), "until": until}
    return ngettext(
        "You have chosen %(n)s project. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
        "You have chosen %(n)s projects. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
        len(state.chosen),
    ) % {"n": len(state.chosen), "until": until}


def told(vote: Vote, texts: Iterable[str], options: Sequence[BallotOption]) -> list[str]:
    """A ballot as it stands on a receipt or a leaf, with titles: "Benches", "Benches: 5 points", "1. Benches"."""
    if vote.kind == Kind.ANSWERS:
        return answer_words.told(vote, list(texts))
    titles = {option.code: words.title_of(option) for option in options}
    if vote.envelopes:
        return _told_by_envelope(vote, list(texts), titles)
    return _told(vote, list(texts), titles)


def _told_by_envelope(vote: Vote, texts: list[str], titles: Mapping[str, str]) -> list[str]:
    """The same, each with the name of its envelope; places are counted within it."""
    found = []
    for envelope in envelopes.read(vote.envelopes):
        mine = [text for text in texts if envelopes.code_of(text) == envelope.code]
        found += [f"{envelope.said} – {said}" for said in _told(vote, mine, titles)]
    return found


def _told(vote: Vote, texts: list[str], titles: Mapping[str, str]) -> list[str]:
    found = []
    for place, text in enumerate(texts, start=1):
        code, points = kinds.read_text(vote.kind, text)
        title = titles.get(code, code)
        if points is not None:
            title = ngettext("%(project)s: %(n)s point", "%(project)s: %(n)s points", points) % {
                "project": title,
                "n": say.number(points),
            }
        elif vote.kind == Kind.RANKING:
            title = f"{place}. {title}"
        found.append(title)
    return found
