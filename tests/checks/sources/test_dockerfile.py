from nuages.checks.sources.dockerfile import dockerfile

TEXT = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS base
RUN apt-get update \\
    # a comment inside
    && apt-get install -y git

RUN --mount=type=secret,id=token pip install -r requirements.txt
FROM base AS site
COPY --from=base --chown=1:1 /venv /venv
RUN <<EOF
pip install x
USER is no instruction here
EOF
FROM site
USER 2000
CMD ["gunicorn", "shop.wsgi"]
"""


def test_instructions_have_lines_and_stages() -> None:
    found = dockerfile(TEXT, "Dockerfile")
    assert [(i.keyword, i.location.line, i.stage) for i in found.instructions] == [
        ("ARG", 2, -1),
        ("FROM", 3, 0),
        ("RUN", 4, 0),
        ("RUN", 8, 0),
        ("FROM", 9, 1),
        ("COPY", 10, 1),
        ("RUN", 11, 1),
        ("FROM", 15, 2),
        ("USER", 16, 2),
        ("CMD", 17, 2),
    ]


def test_continued_lines_are_joined_and_flags_are_apart() -> None:
    runs = [i for i in dockerfile(TEXT, "Dockerfile").instructions if i.keyword == "RUN"]
    assert runs[0].text == "apt-get update && apt-get install -y git"
    assert runs[1].text == "pip install -r requirements.txt"
    assert runs[1].flag("mount") == "type=secret,id=token"
    assert runs[2].text == "<<EOF\npip install x\nUSER is no instruction here"


def test_the_image_that_runs_is_the_last_stage_with_those_below_it() -> None:
    found = dockerfile(TEXT, "Dockerfile")
    assert [stage.name for stage in found.stages] == ["base", "site", ""]
    assert len([i for i in found.final if i.keyword == "FROM"]) == 3
    command = found.last("CMD")
    assert command is not None
    assert command.argv == ("gunicorn", "shop.wsgi")
    assert found.last("ENTRYPOINT") is None


def test_a_shell_form_has_no_argv() -> None:
    (command,) = dockerfile("CMD gunicorn --bind :$PORT", "Dockerfile").instructions
    assert command.argv is None
    assert command.command == "gunicorn --bind :$PORT"


def test_another_escape_and_an_end_in_the_middle() -> None:
    found = dockerfile("# escape=`\nFROM a\nRUN b `\n  c", "Dockerfile").instructions
    assert [i.text for i in found] == ["a", "b c"]
    assert [i.text for i in dockerfile("RUN a \\\n", "Dockerfile").instructions] == ["a"]


def test_variables_of_an_image_take_their_defaults() -> None:
    text = "ARG V=3.13\nARG W\nFROM python:${V}-slim\nFROM x:$W\nFROM y:${Z:-2}\n"
    images = [stage.image for stage in dockerfile(text, "Dockerfile").stages]
    assert images == ["python:3.13-slim", "x:$W", "y:2"]


def test_a_stage_for_development_is_not_what_runs() -> None:
    text = "FROM a AS base\nFROM base AS prod\nUSER 1\nFROM base AS dev\nUSER 0\n"
    read = dockerfile(text, "Dockerfile")
    assert read.served.name == "prod"
    assert [i.text for i in read.final] == ["a AS base", "base AS prod", "1"]


def test_what_env_and_arg_set() -> None:
    text = "FROM x\nENV A=1 B=\"two words\" C='3'\nENV OLD the value\nARG D E=5\n"
    pairs = [i.pairs for i in dockerfile(text, "Dockerfile").each("ENV", "ARG")]
    assert pairs == [
        (("A", "1"), ("B", "two words"), ("C", "3")),
        (("OLD", "the value"),),
        (("D", None), ("E", "5")),
    ]
