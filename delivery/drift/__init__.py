"""Drift: what Azure has that the state of the stacks does not know."""
