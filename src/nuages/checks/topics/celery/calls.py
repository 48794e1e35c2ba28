"""How tasks are queued: in which transaction, with what, and whether somebody waits."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.classes import Function
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.celery import OPTIONS, TASKS
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.tasks import ON_COMMIT, QUEUE, Queued, queued, tasks
from nuages.project.python_source import keyword, last_name

_VIEW = """\
from django.db import transaction

from library.loans.models import Loan
from library.loans.tasks import remind


def lend(request):
    with transaction.atomic():
        loan = Loan.objects.create(book="A", reader=request.user)
        {queue}
"""
_GIVE = """\
from library.loans.models import Loan
from library.loans.tasks import remind


def lend(request):
    loan = Loan.objects.get(pk=1)
    remind.delay({what})
"""
_WAIT = """\
from library.loans.tasks import remind


def lend(request):
    return remind.delay(1){get}
"""
_ROWS = {"get", "create", "first", "last", "latest", "earliest", "get_object_or_404"}
_SIGNALS = {"post_save", "pre_save", "post_delete", "m2m_changed"}


def _example(text: str) -> dict[str, str]:
    return {"library/loans/lending.py": text}


@rule(
    "CEL020",
    severity="warning",
    title="A task is queued before its row is there",
    why="A worker may begin before the transaction is committed. The row it looks for is not "
    "there yet; and where the transaction is rolled back the task runs all the same.",
    symptom="DoesNotExist: Loan matching query does not exist, now and then, under load.",
    fix="`remind.delay_on_commit(loan.pk)` (Celery 5.4), or "
    "`transaction.on_commit(lambda: remind.delay(loan.pk))`.",
    url=f"{TASKS}#database-transactions",
    mistake=_example(_VIEW.format(queue="remind.delay(loan.pk)")),
    fixed=_example(_VIEW.format(queue="transaction.on_commit(lambda: remind.delay(loan.pk))")),
    site="split",
)
def too_early(production: Production) -> Faults:
    if not uses_celery(production):
        return
    found = [call for call in queued(production) if call.how in QUEUE]
    for file in dict.fromkeys(call.file for call in found):
        inside = {id(node) for node in _in_transaction(file)}
        for call in (c for c in found if c.file is file and id(c.call) in inside):
            yield Fault(f"{call.task} is queued before the transaction ends", call.location)


def _in_transaction(file: PythonFile) -> Iterator[ast.AST]:
    """Everything inside ``atomic``, but what waits for the commit."""
    withs: list[ast.With | ast.AsyncWith] = [*file.nodes(ast.With), *file.nodes(ast.AsyncWith)]
    blocks: list[ast.AST] = [
        block for block in withs if any(_atomic(item.context_expr) for item in block.items)
    ]
    blocks += [f for f in file.nodes(ast.FunctionDef) if any(map(_atomic, f.decorator_list))]
    for block in blocks:
        yield from _now(getattr(block, "body", []))


def _atomic(node: ast.expr) -> bool:
    """Whether it begins a transaction of the default database."""
    if isinstance(node, ast.Call):
        return last_name(node.func) == "atomic" and not (node.args or keyword(node, "using"))
    return last_name(node) == "atomic"


def _now(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes that run at once: functions that are only defined here are left out."""
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


@rule(
    "CEL021",
    severity="error",
    title="A task is given an object",
    why="Arguments are sent as JSON, and a row is none: `delay` fails. Where pickles are allowed "
    "the worker works on the row as it was, and writes the old values back.",
    symptom="kombu.exceptions.EncodeError: Object of type Loan is not JSON serializable.",
    fix="Give it the key, and let the task fetch the row: `remind.delay(loan.pk)`.",
    url=f"{TASKS}#state",
    mistake=_example(_GIVE.format(what="loan")),
    fixed=_example(_GIVE.format(what="loan.pk")),
    site="split",
)
def objects(production: Production) -> Faults:
    if not uses_celery(production):
        return
    options = Options(production)
    pickled = "pickle" in str(options.value("task_serializer", default="json") or "pickle")
    for call in queued(production):
        for argument in call.arguments:
            what = _object(call, argument)
            if what:
                message = f"{call.task} is given {what}, not its key"
                yield Fault(message, call.location, severity="warning" if pickled else None)


def _object(call: Queued, node: ast.expr) -> str:
    """How an argument is certainly a row or a request; else empty."""
    text = ast.unparse(node)
    if text in {"request", "request.user", "self.request", "self.request.user"}:
        return text
    scope = _enclosing(call)
    if not isinstance(node, ast.Name) or scope is None:
        return ""
    receives = any(_SIGNALS & {n.id for n in _names(d)} for d in scope.decorator_list)
    if node.id == "instance" and receives:
        return "instance"
    values = [
        each.value
        for each in ast.walk(scope)
        if isinstance(each, ast.Assign) and node.id in {last_name(t) for t in each.targets}
    ]
    return node.id if len(values) == 1 and _row(values[0]) else ""


def _names(node: ast.expr) -> list[ast.Name]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def _row(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call) or last_name(value.func) not in _ROWS:
        return False
    return last_name(value.func) == "get_object_or_404" or ".objects." in ast.unparse(value.func)


def _enclosing(call: Queued) -> Function | None:
    """The innermost function in which a call stands."""
    functions: list[Function] = [
        *call.file.nodes(ast.FunctionDef),
        *call.file.nodes(ast.AsyncFunctionDef),
    ]
    around = [f for f in functions if f.lineno <= call.call.lineno <= (f.end_lineno or 0)]
    return max(around, key=lambda f: f.lineno, default=None)


@rule(
    "CEL022",
    severity="warning",
    title="Somebody waits for a task",
    why="The process stands still until a worker has done the task: the request takes longer "
    "than without a queue, and when all workers are busy every request hangs. Inside a task it "
    "is a deadlock, and Celery refuses it.",
    symptom="RuntimeError: Never call result.get() within a task!; timeouts of pages while the "
    "queue is long.",
    fix="Answer at once, and let the page ask for the result later; chain tasks instead of "
    "waiting in one.",
    url=f"{TASKS}#avoid-launching-synchronous-subtasks",
    mistake=_example(_WAIT.format(get=".get()")),
    fixed=_example(_WAIT.format(get=".id")),
    site="split",
)
def waiting(production: Production) -> Faults:
    if not uses_celery(production):
        return
    inside = {id(n) for t in tasks(production) for n in ast.walk(t.function)}
    for call, get in _waited(production):
        in_task = id(get) in inside
        where = "inside a task" if in_task else "before it goes on"
        message = f"{call.task} is waited for {where}"
        yield Fault(message, call.file.at(get), severity="error" if in_task else None)


def _waited(production: Production) -> Iterator[tuple[Queued, ast.Call]]:
    """Tasks that are queued, and the call of ``get`` on what comes back."""
    for call in queued(production):
        if call.how in ON_COMMIT or "commands/" in call.file.path:
            continue
        scope: ast.AST = _enclosing(call) or call.file.tree
        names = {
            last_name(each.targets[0])
            for each in ast.walk(scope)
            if isinstance(each, ast.Assign) and each.value is call.call
        }
        for get in (n for n in ast.walk(scope) if isinstance(n, ast.Call)):
            owner = get.func.value if isinstance(get.func, ast.Attribute) else None
            if owner is None or last_name(get.func) != "get" or _allowed(get):
                continue
            if owner is call.call or (isinstance(owner, ast.Name) and owner.id in names):
                yield call, get


def _allowed(get: ast.Call) -> bool:
    """Arguments of a dictionary's ``get``, or Celery's own permission."""
    return bool(get.args) or any(k.arg == "disable_sync_subtasks" for k in get.keywords)


@rule(
    "CEL023",
    severity="error",
    title="Results are asked for, and kept nowhere",
    why="Celery keeps no results unless it is told where. Whatever asks for one fails, and a "
    "chord's second half never begins.",
    symptom="NotImplementedError: No result backend is configured; AttributeError: "
    "'DisabledBackend' object has no attribute '_get_task_meta_for'.",
    fix='`CELERY_RESULT_BACKEND = env("REDIS_URL")`, or `"django-db"` with '
    "django-celery-results.",
    url=f"{OPTIONS}#result-backend",
    mistake={
        "settings.py": "# no CELERY_RESULT_BACKEND",
        **_example("from celery.result import AsyncResult\n\n\ndef state(key):\n    return "
                   "AsyncResult(key).state\n"),
    },
    fixed=_example("from celery.result import AsyncResult\n\n\ndef state(key):\n    return "
                   "AsyncResult(key).state\n"),
    site="split",
)  # fmt: skip
def no_backend(production: Production) -> Faults:
    options = Options(production)
    if not uses_celery(production) or options.said("result_backend"):
        return
    for file, node, what in _asked(production):
        yield Fault(f"{what} needs a result backend, and there is none", file.at(node))


def _asked(production: Production) -> Iterator[tuple[PythonFile, ast.AST, str]]:
    for file in production.mentioning("AsyncResult", "chord(", "GroupResult"):
        for call in file.calls("AsyncResult", "chord", "GroupResult"):
            if "celery" in file.meaning(call.func) or last_name(call.func) == "AsyncResult":
                yield file, call, last_name(call.func)
    for waits, get in _waited(production):
        yield waits.file, get, "get()"
