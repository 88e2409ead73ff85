"""Measures this repository at work, in scratch copies: what `./dev bench` and `./dev fleet` do. Nobody imports it."""
