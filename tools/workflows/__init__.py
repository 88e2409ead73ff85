"""Checks of the workflows: actionlint with shellcheck, zizmor, and rules of this repository that neither knows.

`python -m tools.workflows` runs them all, offline once actionlint has been built. A rule is a function that takes
what it judges and returns sentences, one per finding.
"""
