"""Where the real elections are, and one made up from them for the sizes they do not reach."""

from __future__ import annotations

import os
import random
from pathlib import Path

from proposals.ballots import pabulib
from proposals.ballots.tally import amount_text

FOLDER = (
    Path(os.environ.get("PABULIB_DATA", ""))
    if os.environ.get("PABULIB_DATA")
    else (Path(__file__).resolve().parents[3] / "shared" / "data" / "pabulib")
)
MODEL = "Poland_Warszawa_2022_Mokotow.pb.gz"


def make_up(path: Path, *, voters: int, projects: int, times: int) -> None:
    """A city of so many voters, in the shape of a real district: its ballots drawn again, in four of five one choice
    exchanged for another by popularity, so that most ballots are different; all money so many times as much."""
    model = pabulib.read(FOLDER / MODEL)
    chance = random.Random(7)
    listed = [each.project for each in model.projects][:projects]
    ids = [project.id for project in listed]
    known, votes = set(ids), model.profile.approvals()
    popularity = [votes[id] for id in ids]
    pool = [ballot.choices for ballot, weight in model.profile.ballots.items() for _ in range(weight)]
    rows: list[str] = []
    while len(rows) < voters:
        chosen = [id for id in chance.choice(pool) if id in known]
        if chosen:
            if chance.random() < 0.8:
                chosen[chance.randrange(len(chosen))] = chance.choices(ids, popularity)[0]
            rows.append(f"{len(rows)};{','.join(dict.fromkeys(chosen))}\n")
    with path.open("w") as file:
        file.write(f"META\nkey;value\nbudget;{amount_text(model.budget * times)}\nvote_type;approval\n")
        file.write("PROJECTS\nproject_id;cost\n")
        file.writelines(f"{project.id};{amount_text(project.cost * times)}\n" for project in listed)
        file.write("VOTES\nvoter_id;vote\n")
        file.writelines(rows)
