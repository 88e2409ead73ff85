"""Whether a schema takes all that another one takes, and what it refuses where it does not."""
