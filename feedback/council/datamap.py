from groundwork.datamap import KEY, Personal, describe

describe(
    "council.Source",
    plain="id url name made_at asked_at since problem",
    made_by=Personal(
        "who named this server for the city", category="staff", retention="with the server", erase=KEY
    ),
)
describe("council.Meeting", plain="id source oparl web name deleted starts cancelled")
describe("council.Paper", plain="id source oparl web name deleted reference day addresses receipts")
describe("council.Consultation", plain="id paper meeting role")
describe("council.InCouncil", plain="id contribution paper")
