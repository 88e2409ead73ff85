"""Policy expressions: a documented subset of C#, compiled to Python closures when a policy is deployed.

`compile_expression` is the whole interface; `members.MEMBERS` and `parser.BINDING` are the subset.
https://learn.microsoft.com/azure/api-management/api-management-policy-expressions
"""

from local_azure.gateway.expressions.compiled import CompiledExpression
from local_azure.gateway.expressions.compiler import compile_expression
from local_azure.gateway.expressions.errors import EvaluationError, ExpressionError
from local_azure.gateway.expressions.types import Kind

__all__ = ["CompiledExpression", "EvaluationError", "ExpressionError", "Kind", "compile_expression"]
