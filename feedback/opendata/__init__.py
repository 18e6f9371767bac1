"""Open data: writes what the rooms declare as files, with versions, checksums and catalogues that programs read.

It offers pages for people and addresses for machines. It never decides what is public: the declarations do.
"""
