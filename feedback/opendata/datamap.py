from groundwork.datamap import describe

describe(
    "opendata.Release",
    plain="id dataset number made_at fresh_at rows digest columns counts licence taken_out taken_out_at",
)
describe("opendata.ReleaseFile", plain="id release form name size sha256 stored")
describe("opendata.Figure", plain="id metric at fresh_at value held")
describe("opendata.ProcessPackage", plain="process made_at fresh_at size sha256 content counts stored")
