"""The council: which of its papers and meetings a proposal is in, read from OParl servers; and our results as OParl papers.

It offers a part of the proposal's page and addresses for programs. It never decides anything about a proposal.
"""
