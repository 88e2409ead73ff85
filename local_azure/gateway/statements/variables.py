"""`set-variable`: https://learn.microsoft.com/azure/api-management/set-variable-policy."""

from local_azure.gateway.context import Context
from local_azure.gateway.statements.step import ANY_VALUE, Place, Run, value_of
from shared.policies import Expression, SetVariable


def set_variable(statement: SetVariable, place: Place) -> Run:
    """Compile one `set-variable`; a literal is a string, an expression keeps its type."""
    name, value = statement.name, statement.value
    if not isinstance(value, Expression):
        return lambda context: context.variables.update({name: value})
    evaluate = value_of(value, place, ANY_VALUE)

    def run(context: Context) -> None:
        context.variables[name] = evaluate(context)

    return run
