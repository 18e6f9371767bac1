"""The ways by which a process checks who somebody is: register, postal code and birthday, letters, online identity, desk.

Each way is an adapter (`base.adapters`) that turns what a person shows into one entry of the process and its attributes.
None of them keeps what was shown: numbers, names, addresses and dates of birth leave memory as keyed hashes or not at all.
"""
