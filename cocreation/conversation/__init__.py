"""What people say to each other: comments, replies, questions and the city's replies, on a phase or on any contribution.

It offers the method "debate" (also for a consultation on a text), a panel for the page of any contribution and the
pages of a conversation. It never decides who may speak: the phase does; and nothing above it knows that it exists.
"""
