"""What stops `./dev local`."""


class LaptopError(Exception):
    """A sentence for a person: what is wrong, and what to do about it."""
