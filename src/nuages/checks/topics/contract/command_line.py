"""Settings that read the words of the command line."""

from __future__ import annotations

import ast

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.contract.lookups import around


@rule(
    "CON015",
    severity="warning",
    title="The settings read the command line",
    why="`sys.argv` is that of manage.py only under manage.py. Under a server it holds the "
    "server's own words, or nothing: an index that is not there ends the start.",
    symptom="IndexError: list index out of range, in settings.py, under the server alone.",
    fix="Ask a variable of the environment instead.",
    url="https://docs.python.org/3/library/sys.html#sys.argv",
    mistake={"settings.py": "import sys\nBUILDING = sys.argv[1] == 'collectstatic'"},
    fixed={"settings.py": "import sys\nBUILDING = 'collectstatic' in sys.argv"},
)
def command_line(production: Production) -> Faults:
    for file in production.settings_files:
        for node in file.nodes(ast.Subscript):
            index = isinstance(node.slice, ast.Constant) and node.slice.value
            argv = (
                isinstance(index, int) and index and ast.unparse(node.value) in {"sys.argv", "argv"}
            )
            if argv and not _is_long_enough(file, node):
                message = f"{ast.unparse(node)} is not there under every server"
                yield Fault(message, file.at(node))
                break


def _is_long_enough(file: PythonFile, node: ast.Subscript) -> bool:
    """Whether the length is asked for first, or the error is expected."""
    index = int(ast.literal_eval(node.slice))
    for outer in around(file, node):
        if isinstance(outer, ast.Try):
            return True
        asked = outer if isinstance(outer, ast.BoolOp) else getattr(outer, "test", None)
        if asked is not None and any(_is_length(each, index) for each in ast.walk(asked)):
            return True
    return False


def _is_length(node: ast.AST, index: int) -> bool:
    """``len(sys.argv) > 1``, where the number is as large as it must be."""
    if not (isinstance(node, ast.Compare) and "len(" in ast.unparse(node.left)):
        return False
    number = node.comparators[0].value if isinstance(node.comparators[0], ast.Constant) else None
    if not isinstance(number, int) or not isinstance(node.ops[0], ast.Gt | ast.GtE | ast.Eq):
        return True
    return number >= index + (not isinstance(node.ops[0], ast.Gt))
