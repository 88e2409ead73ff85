"""`python -m tests.support.share ROOT COPY`: a copy of the repository uses the environments of ROOT."""

import sys
from pathlib import Path

from benchmarks import installed

installed.share(Path(sys.argv[1]), Path(sys.argv[2]))
