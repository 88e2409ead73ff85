"""`python -m delivery.new_model`: a program of its own, for it deploys nothing and need not wait for Pulumi."""

import sys

from rich.console import Console

from delivery.new_model.command import main
from shared.environments import REPOSITORY

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], REPOSITORY, Console(soft_wrap=True)))
