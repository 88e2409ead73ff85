"""Smoke tests: every deployed model is called through the gateway as a consumer would call it."""
