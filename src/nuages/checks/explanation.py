"""A rule as a page: the mistake, why it bites, the fix, the source."""

from __future__ import annotations

from collections.abc import Iterable

from nuages.checks.catalogue import TOPICS, rules, topic_of
from nuages.checks.rule import Example, Rule

_LANGUAGES = {
    ".py": "python", ".yaml": "yaml", ".yml": "yaml", ".txt": "text", ".toml": "toml",
    ".sh": "sh", ".conf": "nginx", ".ini": "ini", ".json": "json",
}  # fmt: skip


def page(rule: Rule) -> str:
    """A rule's page in Markdown."""
    symptom = f"What is seen: {rule.symptom}\n\n" if rule.symptom else ""
    repaired = (
        "In what Nuages deploys, the generated cloud settings repair it: there the finding counts "
        "one level less, except with `--as-is`.\n\n"
        if rule.repaired_by
        else ""
    )
    return (
        f"# {rule.id}: {rule.title}\n\n"
        f"Reported as **{rule.severity}**.\n\n"
        f"{rule.why}\n\n{symptom}{repaired}"
        f"## The mistake\n\n{example(rule.mistake)}\n"
        f"## The fix\n\n{rule.fix}\n\n{example(rule.fixed)}\n"
        f"## Source\n\n<{rule.url}>\n"
    )


def example(files: Example) -> str:
    """The files of an example as code blocks with their names."""
    return "\n".join(_block(path, text) for path, text in files.items())


def _block(path: str, text: str | None) -> str:
    if text is None:
        return f"There is no `{path}`.\n"
    name = path.rpartition("/")[2]
    language = "dockerfile" if "Dockerfile" in name else _LANGUAGES.get(name[name.rfind(".") :], "")
    return f'```{language or "text"} title="{path}"\n{text.strip()}\n```\n'


def index() -> str:
    """All rules by topic."""
    parts = [
        "# Rules\n\n`nuages check` judges what production would run by these "
        f"{len(rules())} rules. Each page shows the mistake, why it bites, the fix and the source; "
        "`nuages check --explain SEC001` prints it.\n"
    ]
    for topic, (_, title) in TOPICS.items():
        own = [rule for rule in rules() if topic_of(rule.id) == topic]
        if own:
            parts.append(f"## {title}\n\n{_table(own)}")
    return "\n".join(parts)


def _table(own: Iterable[Rule]) -> str:
    rows = ["| rule | | |", "| --- | --- | --- |"]
    rows += [f"| [{rule.id}]({rule.id}.md) | {rule.title} | {rule.severity} |" for rule in own]
    return "\n".join(rows) + "\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"index.md": index(), **{f"{rule.id}.md": page(rule) for rule in rules()}}
