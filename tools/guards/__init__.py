"""Rules of this tree that no general linter knows. `python -m tools.guards` checks them all, offline.

Each rule is a function that takes what it judges and returns sentences, one per finding.
"""
