"""What a delivery would do, or did, told to people: one Markdown document, and a short text for terminals."""
