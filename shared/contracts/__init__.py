"""From what a team has (today: Open Inference Protocol metadata) to one contract: operations with schemas."""
