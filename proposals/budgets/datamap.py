from groundwork.datamap import describe

describe("budgets.Envelope", plain="id process place title amount")
