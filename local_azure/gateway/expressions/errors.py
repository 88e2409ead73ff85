"""The two ways an expression can fail: when it is deployed, and when a request evaluates it."""


class ExpressionError(ValueError):
    """An expression is not C#, or is outside the subset. The sentence says what is known instead."""


class EvaluationError(Exception):
    """An expression failed on one request, as with a null reference. The message is .NET's."""


NULL_REFERENCE = "Object reference not set to an instance of an object."
