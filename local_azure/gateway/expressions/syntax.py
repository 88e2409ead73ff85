"""The syntax tree of an expression."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, an integer, true, false or null."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands alone: `context`, `string`, `Guid`."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`target.name` or, with `conditional`, `target?.name`."""

    target: "Node"
    name: str
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """`target.name<generic>(arguments)`."""

    method: Member
    arguments: tuple["Node", ...]
    generic: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """`target[index]`."""

    target: "Node"
    index: "Node"


@dataclass(frozen=True, slots=True)
class Cast:
    """`(type)operand`."""

    type_name: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Unary:
    """`!operand`."""

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`test ? then : otherwise`."""

    test: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Interpolation:
    """`$"text {node} text"`, its parts in order."""

    parts: tuple["Node", ...]


Node = Literal | Name | Member | Call | Index | Cast | Unary | Binary | Conditional | Interpolation
