"""`python -m delivery.check`: a program of its own, for who deploys nothing need not wait for Pulumi to load."""

import sys

from delivery.check.command import main
from shared.environments import REPOSITORY

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], REPOSITORY))
