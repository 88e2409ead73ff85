"""What a stack's program makes Python import: azure-native's modules are large, and each start pays for them."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[3]

# Does the imports of a program and nothing else; a module of azure-native that is loaded has its types.
_IMPORTS = """
import ast, sys
program = ast.parse(open(sys.argv[1]).read())
program.body = [node for node in program.body if isinstance(node, ast.Import | ast.ImportFrom)]
exec(compile(program, sys.argv[1], "exec"))
loaded = [name.split(".") for name in sys.modules if name.endswith("._inputs")]
print(*sorted(module for package, module, _ in loaded if package == "pulumi_azure_native"))
"""


def test_the_program_of_a_model_imports_nothing_of_azure_but_api_management() -> None:
    program = _ROOT / "stacks" / "model" / "__main__.py"
    printed = subprocess.run(
        [sys.executable, "-c", _IMPORTS, program], cwd=_ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert printed.split() == ["apimanagement"]
