from groundwork.datamap import describe

describe("jobs.Job", plain="id kind key title state made_at beat_at finished_at done total result reason")
describe("jobs.Run", plain="task started_at ended_at ok_at failed_at failure failures")
describe("jobs.Removal", plain="id rule at number")
