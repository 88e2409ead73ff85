"""One rule per file: `findings` takes a document and returns sentences."""
