"""The signature of an MLflow model as a source of contracts.

The file is the `MLmodel` file of a saved model, as MLflow wrote it; the server is MLflow's own (`mlflow models serve`).
What that server would take is never refused, with one exception: a body without `dataframe_split`,
`dataframe_records`, `inputs` or `instances` around its columns, where no column is called `messages`, `prompt` or
`input`.
"""

from shared.contracts.contract import Contract
from shared.contracts.files import ContractFiles, ContractReference, one_file, read_document
from shared.contracts.mlflow.gaps import gaps
from shared.contracts.mlflow.operations import operations
from shared.contracts.mlflow.schemas import schemas
from shared.contracts.mlflow.signature import read_signature

__all__ = ["compile_contract"]


def compile_contract(reference: ContractReference, files: ContractFiles) -> Contract:
    """Return the contract of a model with that signature. Raises DocumentError when it has none, or a wrong one."""
    file = one_file(reference, "mlflow")
    signature = read_signature(read_document(file, files), files.source(file))
    return Contract(operations=operations(signature), schemas=schemas(signature), gaps=gaps(signature))
