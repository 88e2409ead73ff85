"""What a change affects: what each stack is made from, and what differs from what is deployed."""
