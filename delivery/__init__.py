"""Deploying the stacks: the tool chain, and what orders, runs and reports their previews and updates."""
