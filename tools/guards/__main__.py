"""Check every rule and print the findings; the exit code is 1 when there are any."""

import sys

from tools.guards import addresses, locks, share, tree


def main() -> int:
    """Judge the tree that this file belongs to."""
    texts = list(tree.texts(tree.ROOT, tree.files(tree.ROOT)))
    findings = addresses.findings(texts) + locks.findings(tree.ROOT / "requirements")
    sys.stdout.write("".join(f"{finding}\n" for finding in [*findings, share.line(texts)]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
