"""WHO WE ARE: people, organisations and their kinds, memberships, verified attributes.

It offers `Person`, `Organisation` and the questions others ask of them.
It never knows what people do here: no process, proposal or vote.
"""
