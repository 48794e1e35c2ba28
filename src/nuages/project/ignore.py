"""What one .gitignore says of the paths below it.

Source of the rules: https://git-scm.com/docs/gitignore#_pattern_format
"""

from __future__ import annotations

from functools import cache

from pathspec import GitIgnoreSpec


class Ignore:
    """The patterns of one .gitignore, in the folder ``prefix`` (``""`` or ending in ``/``).

    Most patterns name a file or a folder wherever it is; these are matched against the last
    part of a path only and remembered, since a project repeats few names in many folders.
    """

    def __init__(self, prefix: str, text: str):
        self._prefix = len(prefix)
        lines = [line if _valid(line) else "" for line in text.splitlines()]
        rooted = ["/" in line.strip().rstrip("/") for line in lines]
        self._names = _spec([line if not r else "" for line, r in zip(lines, rooted, strict=True)])
        paths = [line if r else "" for line, r in zip(lines, rooted, strict=True)]
        inside = [line.rstrip().endswith("/**") for line in paths]
        self._folders = _spec(
            [line if not i else "" for line, i in zip(paths, inside, strict=True)]
        )
        # ``a/**`` is what is in the folder ``a``, not the folder itself
        self._inside = _spec([line if i else "" for line, i in zip(paths, inside, strict=True)])
        # what is below an ignored folder is never asked for
        self._files = _spec([line if not line.rstrip().endswith("/") else "" for line in paths])
        self._anywhere = cache(lambda name: _last(self._names, name))

    def decides(self, path: str, folder: bool) -> bool | None:
        """True: ignored; False: explicitly kept; None: no pattern matches."""
        below = path[self._prefix :] + ("/" if folder else "")
        name = below.rstrip("/").rpartition("/")[2] + ("/" if folder else "")
        answers = [self._anywhere(name)]
        paths = self._folders if folder else self._files
        if paths.patterns:
            answers.append(_last(paths, below))
        if folder and self._inside.patterns:
            answers.append(_last(self._inside, below.rstrip("/")))
        return max(answers, key=lambda answer: answer[0])[1]


def _spec(lines: list[str]) -> GitIgnoreSpec:
    if any(line.strip() and not line.startswith("#") for line in lines):
        return GitIgnoreSpec.from_lines(lines)
    return GitIgnoreSpec([])


def _last(spec: GitIgnoreSpec, path: str) -> tuple[int, bool | None]:
    result = spec.check_file(path)
    return (-1 if result.index is None else result.index, result.include)


def _valid(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
