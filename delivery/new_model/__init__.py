"""The folder of a new model, from the contract that a team has already, or from none."""
