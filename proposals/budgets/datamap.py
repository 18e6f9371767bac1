from groundwork.datamap import describe

describe("budgets.Envelope", plain="id process place title amount")
describe(
    "budgets.Division",
    plain="id process number total common by_points population deprivation deficit priority bands base solidarity_percent"
    " solidarity_places binding source reason published_at",
)
describe(
    "budgets.Share",
    plain="id division place population deprivation deficit priority base solidarity weighted amount rank points",
)
