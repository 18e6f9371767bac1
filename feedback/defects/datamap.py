from groundwork.datamap import Said, describe

describe("defects.Service", plain="id code name text group office days is_offered")
describe(
    "defects.Defect",
    plain="contribution process is_public receipt service text place address map_x map_y due closed_at updated_at",
    written=[Said("text address", of="contribution")],
)
