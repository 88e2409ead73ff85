"""Whether the files are schemas, with all that they refer to."""

from shared.contracts.dialect import Documents, Node
from shared.contracts.dialect.checking import broken_references, schema_problems
from shared.documents import DocumentError


def check_schemas(documents: Documents, roots: tuple[Node, ...]) -> None:
    """Raise DocumentError with a sentence for each thing that is wrong with schemas and the files they refer to."""
    problems = [problem for root in roots for problem in broken_references(documents, root)]
    for file in documents.files:
        problems += schema_problems(documents, file.contents, file.dialect)
    if problems:
        raise DocumentError(dict.fromkeys(problems))
