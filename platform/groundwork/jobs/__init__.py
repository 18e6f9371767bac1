"""Jobs: what takes longer than a page, as rows that staff can read, and when each periodic task ran last.

`from groundwork.jobs import api as jobs` offers `begin`, `tell`, `finish` and `fail`. A job that failed says why; none says
that it is done before what it did is committed.
"""
