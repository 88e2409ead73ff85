"""`./dev publish`: what a job of a workflow tells GitHub, and what the jobs after it are told.

Each subcommand is one module. What GitHub sets for each job is read here alone:
https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""
