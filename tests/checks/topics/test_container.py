"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found

RUN = 'CMD ["gunicorn", "shop.wsgi"]\n'


@pytest.mark.parametrize(
    "text",
    [
        f"FROM python:3.13\nUSER app\n{RUN}",
        f"FROM python:3.13 AS base\nUSER 1000:1000\nFROM base\n{RUN}",
        f"FROM python:3.13\nUSER root\nRUN pip list\nUSER app\n{RUN}",
        f"FROM python:3.13\nARG UID\nUSER $UID\n{RUN}",
    ],
)
def test_a_user_of_its_own_is_fine(text: str) -> None:
    assert found("IMG001", {"Dockerfile": text}) == []


def test_a_user_of_another_stage_does_not_count() -> None:
    text = f"FROM python:3.13 AS build\nUSER app\nFROM python:3.13\n{RUN}"
    (finding,) = found("IMG001", {"Dockerfile": text})
    assert finding.location.line == 3


def test_root_at_the_end_is_named() -> None:
    (finding,) = found("IMG001", {"Dockerfile": f"FROM python:3.13\nUSER 0:0\n{RUN}"})
    assert (finding.location.line, finding.message) == (2, "The last USER is 0:0")


@pytest.mark.parametrize(
    ("image", "floats"),
    [
        ("python", True),
        ("python:latest", True),
        ("ghcr.io/astral-sh/uv:latest", True),
        ("registry:5000/team/site", True),
        ("registry:5000/team/site:1.2", False),
        ("python:3.13-slim", False),
        ("python@sha256:abc", False),
        ("python:${VERSION}", False),
        ("$IMAGE", False),
        ("scratch", False),
    ],
)
def test_versions_of_images(image: str, floats: bool) -> None:
    text = f"FROM {image}\nUSER 1\nRUN pip list\n"
    assert bool(found("IMG002", {"Dockerfile": text})) is floats


def test_a_dockerfile_for_development_is_not_judged() -> None:
    assert found("IMG", {"Dockerfile.dev": f"FROM python\n{RUN}"}) == []


SCRIPT = f'FROM python:3.13-slim\nUSER 1\nENTRYPOINT ["./entry.sh"]\n{RUN}'


def image(*lines: str) -> str:
    return "\n".join(["FROM python:3.13-slim", *lines, "USER 1", RUN])


def compose(*lines: str, name: str = "compose.yaml") -> dict[str, str | None]:
    text = "\n".join(["services:", "  web:", "    build: .", "    restart: always", *lines])
    return {"compose.yaml": None, name: f"{text}\n"}


@pytest.mark.parametrize("script", ["exec gosu app gunicorn x", "exec su-exec app gunicorn x"])
def test_a_script_that_becomes_somebody_else_is_no_root(script: str) -> None:
    text = 'FROM python:3.13\nRUN pip list\nENTRYPOINT ["./entry.sh"]\n'
    assert found("IMG001", {"Dockerfile": text, "entry.sh": f"#!/bin/sh\n{script}\n"}) == []


@pytest.mark.parametrize(
    ("name", "ended"),
    [
        ("python:3.13-slim-buster", True),
        ("python:3.13-bullseye", True),
        ("python:3.13-slim-bookworm", False),
        ("python:3.13-slim", False),
        ("python:3.12-alpine3.19", True),
        ("python:3.13-alpine3.22", False),
        ("debian:11-slim", True),
        ("ubuntu:20.04", True),
        ("ubuntu:24.04", False),
        ("node:20-slim", True),
        ("node:22", False),
        ("ghcr.io/astral-sh/uv:0.8", False),
    ],
)
def test_lifetimes_of_images(name: str, ended: bool) -> None:
    text = f"FROM {name}\nRUN pip list\nUSER 1\n{RUN}"
    assert bool(found("IMG003", {"Dockerfile": text})) is ended


@pytest.mark.parametrize(
    ("line", "severities"),
    [
        ("ENV SECRET_KEY=k3Zx9-fjq2m81xzy", ["error"]),
        ('ENV DJANGO_SECRET_KEY "k3Zx9-fjq2m81xzy"', ["error"]),
        ("ARG AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCY", ["error"]),
        ("ENV DATABASE_URL=postgres://shop:8fJs72kLq91m@db.internal/shop", ["error"]),
        ("ARG SECRET_KEY\nENV SECRET_KEY=$SECRET_KEY", ["error", "warning"]),
        ("ENV SECRET_KEY=changeme", ["warning"]),
        ("ARG GITHUB_TOKEN", ["warning"]),
        ("ARG SECRET_KEY=build", []),
        ("ENV SECRET_KEY_FILE=/run/secrets/key", []),
        ("ENV SECRET_KEY=", []),
        ("ENV PASSWORD_RESET_TIMEOUT=3600", []),
        ("RUN SECRET_KEY=k3Zx9-fjq2m81xzy python manage.py collectstatic", []),
    ],
)
def test_secrets_in_instructions(line: str, severities: list[str]) -> None:
    severity = [each.severity for each in found("IMG004", {"Dockerfile": image(line)})]
    assert severity == severities


@pytest.mark.parametrize(
    ("line", "copies"),
    [
        ("COPY .env /app/", True),
        ("COPY .env.production .env", True),
        ("ADD config/.env manage.py /app/", True),
        ('COPY ["id_rsa", "/root/.ssh/"]', True),
        ("COPY service-account.json /app/", True),
        ("COPY .env.example /app/", False),
        ("COPY rds-ca-bundle.pem /app/", False),
        ("COPY --from=build /app/.env /app/", False),
    ],
)
def test_files_of_secrets(line: str, copies: bool) -> None:
    assert bool(found("IMG005", {"Dockerfile": image("RUN pip list", line)})) is copies


@pytest.mark.parametrize(
    ("ignored", "missing"),
    [
        (".git\n.env\n", False),
        (".git\n*.env*\n", False),
        ("**/.git\n**/.env\n", False),
        ("*\n!shop\n", False),
        ("/.git/\n/.env\n", False),
        (".git\n.env*\n!.env.example\n", False),
        (".git\n.envs/\n", False),
        (".git\n*.pyc\n", True),
        (".git\n.env\n!.env\n", False),
        ("env\n.git\n", True),
    ],
)
def test_what_dockerignore_lets_in(ignored: str, missing: bool) -> None:
    assert bool(found("IMG007", {".dockerignore": ignored})) is missing


def test_a_dockerignore_of_the_dockerfile_itself_is_enough() -> None:
    files = {".dockerignore": None, "Dockerfile.dockerignore": ".git\n.env\n"}
    assert found("IMG006", files) == []


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        (["COPY . .", "RUN pip install -r requirements.txt"], True),
        (["ADD . /app", "RUN uv sync --frozen"], True),
        (["COPY . .", "RUN poetry install"], True),
        (["COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY . ."], False),
        (["COPY uv.lock .", "RUN uv sync --no-install-project", "COPY . .", "RUN uv sync"], False),
        (["COPY . .", "RUN python manage.py collectstatic"], False),
    ],
)
def test_the_order_of_copying_and_installing(lines: list[str], late: bool) -> None:
    assert bool(found("IMG008", {"Dockerfile": image(*lines)})) is late


@pytest.mark.parametrize(
    ("line", "keeps"),
    [
        ("CMD gunicorn shop.wsgi", True),
        ("CMD python manage.py check && gunicorn shop.wsgi", True),
        ('CMD ["sh", "-c", "gunicorn shop.wsgi --bind 0.0.0.0:$PORT"]', True),
        ('CMD ["sh", "-c", "exec gunicorn shop.wsgi"]', False),
        ("CMD exec gunicorn shop.wsgi", False),
        ('CMD ["gunicorn", "shop.wsgi"]', False),
        ("ENTRYPOINT gunicorn shop.wsgi", True),
        ('ENTRYPOINT ["./x"]\nCMD ["gunicorn"]', False),
        ('SHELL ["/bin/bash", "-c"]\nCMD gunicorn shop.wsgi', False),
    ],
)
def test_who_is_process_one(line: str, keeps: bool) -> None:
    text = f"FROM python:3.13-slim\nRUN pip list\nUSER 1\n{line}\n"
    assert bool(found("IMG009", {"Dockerfile": text})) is keeps


@pytest.mark.parametrize(
    ("script", "stays"),
    [
        ("gunicorn shop.wsgi", True),
        ('"$@"', True),
        ("exec gunicorn shop.wsgi", False),
        ('exec "$@"', False),
        ("gunicorn --check-config shop.wsgi\nexec gunicorn shop.wsgi", False),
        ("celery -A shop status\nexec gunicorn shop.wsgi", False),
    ],
)
def test_a_script_becomes_the_server(script: str, stays: bool) -> None:
    files = {"Dockerfile": SCRIPT, "entry.sh": f"#!/bin/sh\n{script}\n"}
    assert bool(found("IMG010", files)) is stays


@pytest.mark.parametrize(
    ("script", "races"),
    [
        ("python manage.py migrate", True),
        ("django-admin migrate --noinput", True),
        ('if [ "$1" = gunicorn ]; then\n  python manage.py migrate\nfi', True),
        ('if [ "${MIGRATE:-true}" = true ]; then\n  python manage.py migrate\nfi', True),
        ('if [ "$MIGRATE" = true ]; then\n  python manage.py migrate\nfi', False),
        ('[ -n "$MIGRATE" ] && python manage.py migrate', False),
        ("python manage.py migrate --check", False),
        ('case "$1" in\n  migrate) python manage.py check ;;\nesac', False),
    ],
)
def test_migrations_at_every_start(script: str, races: bool) -> None:
    files = {"Dockerfile": SCRIPT, "entry.sh": f'#!/bin/sh\n{script}\nexec "$@"\n'}
    assert bool(found("IMG011", files)) is races


def test_a_service_that_only_migrates_is_what_one_wants() -> None:
    assert found("IMG011", compose("    command: python manage.py migrate")) == []
    mixed = compose('    command: sh -c "python manage.py migrate && gunicorn shop.wsgi"')
    assert len(found("IMG011", mixed)) == 1


def test_runserver_in_a_compose_file_beside_a_real_server_is_for_development() -> None:
    line = "    command: python manage.py runserver 0.0.0.0:8000"
    (finding,) = found("IMG012", compose(line))
    assert (finding.severity, finding.location.line) == ("error", 5)
    assert found("IMG012", compose(line, "    volumes: ['.:/app']")) == []
    without = {**compose(line, "    volumes: ['.:/app']"), "Dockerfile": None}
    assert [each.severity for each in found("IMG012", without)] == ["warning"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('CMD ["gunicorn", "-b", ":$PORT", "x"]', True),
        ('CMD ["python", "-m", "gunicorn", "-b", ":${PORT}", "x"]', True),
        ('CMD ["sh", "-c", "exec gunicorn -b :$PORT x"]', False),
        ("CMD exec gunicorn -b :$PORT x", False),
        ('ENTRYPOINT ["./entry.sh"]\nCMD ["gunicorn", "-b", ":$PORT"]', False),
        ('CMD ["supervise", "gunicorn", "-b", ":$PORT"]', False),
    ],
)
def test_variables_in_a_list(line: str, wrong: bool) -> None:
    text = f"FROM python:3.13-slim\nRUN pip list\nUSER 1\n{line}\n"
    assert bool(found("IMG013", {"Dockerfile": text})) is wrong


@pytest.mark.parametrize(
    ("command", "hidden"),
    [
        ('"gunicorn", "-b", "127.0.0.1:8000", "x"', True),
        ('"uvicorn", "x:app", "--host", "localhost"', True),
        ('"gunicorn", "x"', True),
        ('"gunicorn", "-c", "conf.py", "x"', False),
        ('"gunicorn", "--bind=:8000", "x"', False),
        ('"uvicorn", "x:app", "--host=0.0.0.0"', False),
    ],
)
def test_what_the_server_listens_on(command: str, hidden: bool) -> None:
    text = f"FROM python:3.13-slim\nRUN pip list\nUSER 1\nCMD [{command}]\n"
    files = {"Dockerfile": text, "gunicorn.conf.py": None}
    assert bool(found("IMG014", files)) is hidden


def test_a_port_of_the_platforms_own() -> None:
    text = image("RUN pip list").replace('"shop.wsgi"', '"-b", "0.0.0.0:8000", "x"')
    yaml = "provider: gcp\ndomain: x.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: x\n"
    assert len(found("IMG015", {"Dockerfile": text, "nuages.yaml": yaml})) == 1
    assert found("IMG015", {"Dockerfile": text}) == []


@pytest.mark.parametrize(
    ("script", "endless"),
    [
        ("while ! nc -z db 5432; do\n  sleep 0.1\ndone", True),
        ("until psql $DATABASE_URL -c '\\q'; do sleep 1; done", True),
        (
            "i=0\nuntil pg_isready; do\n  i=$((i+1))\n  [ $i -gt 30 ] && exit 1\n  sleep 1\ndone",
            False,
        ),
        ("timeout 30 sh -c 'until pg_isready; do sleep 1; done'", False),
    ],
)
def test_waiting(script: str, endless: bool) -> None:
    files = {"Dockerfile": SCRIPT, "entry.sh": f'#!/bin/sh\n{script}\nexec "$@"\n'}
    assert bool(found("IMG019", files)) is endless


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("RUN pip install gunicorn", True),
        ("RUN pip install --no-cache-dir gunicorn psycopg[binary]", True),
        ("RUN pip install gunicorn==23.0.0 -r requirements.txt", False),
        ("RUN pip install --upgrade pip setuptools", False),
        ("RUN pip install --target /x .", False),
        ("RUN pip install --find-links /wheels -r x.txt", False),
        ("RUN poetry install", False),
    ],
)
def test_packages_past_the_requirements(line: str, said: bool) -> None:
    assert bool(found("IMG026", {"Dockerfile": image(line)})) is said


def test_a_stage_that_nothing_is_taken_from_is_not_judged() -> None:
    text = f"FROM python:3.13-slim AS prod\nRUN pip list\nUSER 1\n{RUN}"
    text += "FROM prod AS dev\nRUN pip install ipdb\n"
    assert found("IMG026", {"Dockerfile": text}) == []


def test_memory_of_a_compose_service() -> None:
    command = '    command: ["gunicorn", "-w", "{}", "x"]\n    mem_limit: 512m'
    assert found("IMG027", compose(command.format(4))) == []
    (finding,) = found("IMG027", compose(command.format(9)))
    assert finding.message == "9 processes share 512 MiB"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("EXPOSE 8000", False),
        ("EXPOSE 8000/tcp 9000", False),
        ("EXPOSE 80", True),
        ("EXPOSE $PORT", False),
        ("HEALTHCHECK CMD curl -f http://localhost:8001/health", True),
        ("HEALTHCHECK CMD curl -f http://localhost:8000/health", False),
    ],
)
def test_ports_agree(line: str, wrong: bool) -> None:
    text = image("RUN pip list", line).replace('"shop.wsgi"', '"-b", "0.0.0.0:8000", "x"')
    assert bool(found("IMG030", {"Dockerfile": text})) is wrong


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("POSTGRES_PASSWORD: postgres", True),
        ("DATABASE_URL: postgres://shop:shop@db/shop", True),
        ("SECRET_KEY: ${SECRET_KEY:-insecure}", True),
        ("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}", False),
        ("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}", False),
        ("POSTGRES_PASSWORD_FILE: /run/secrets/x", False),
        ("MYSQL_RANDOM_ROOT_PASSWORD: 'yes'", False),
        ("DATABASE_URL: postgres://shop:${PASSWORD}@db/shop", False),
    ],
)
def test_passwords_in_compose(entry: str, said: bool) -> None:
    assert bool(found("IMG038", compose("    environment:", f"      {entry}"))) is said


def test_a_compose_file_for_development_is_left_alone() -> None:
    lines = ["    environment: {DJANGO_DEBUG: 'True', SECRET_KEY: x}", "    volumes: ['.:/app']"]
    assert found("IMG", compose(*lines)) == []


@pytest.mark.parametrize(
    ("base", "lines", "said"),
    [
        ("python:3.13-slim-trixie", ["RUN adduser --system x"], True),
        ("python:3.13-slim", ["RUN addgroup x"], True),
        ("python:3.13-slim-bookworm", ["RUN adduser --system x"], False),
        ("python:3.13", ["RUN curl -O https://x.example/y"], False),
        ("python:3.13-alpine", ["RUN adduser -S x"], False),
        ("python:3.13-slim", ["HEALTHCHECK CMD curl -f http://localhost"], True),
        ("python:3.13-slim", ['HEALTHCHECK CMD ["wget", "-q", "http://localhost"]'], True),
        ("python:3.13-slim", ["RUN apt-get update && apt-get install -y curl",
                              "HEALTHCHECK CMD curl -f http://localhost"], False),
        ("python:3.13-slim", ["RUN apt-get install -y libpq5 && adduser --system x"], True),
        ("python:3.13-slim", ["RUN apt-get install -y postgresql-client && adduser x"], False),
        ("python:3.13-slim", ["RUN apt-get install -y $PACKAGES && git clone x"], False),
        ("python:3.13-slim", ["COPY --from=x /usr/bin/tini /usr/bin/tini", "RUN tini --version"],
         False),
        ("python:3.13-slim", ["RUN useradd --system x"], False),
        ("company/python:1", ["RUN adduser x"], False),
    ],
)  # fmt: skip
def test_commands_of_the_base_image(base: str, lines: list[str], said: bool) -> None:
    text = "\n".join([f"FROM {base}", "RUN pip list", *lines, "USER 1", RUN])
    assert bool(found("IMG043", {"Dockerfile": text})) is said


def test_requirements_that_include_others() -> None:
    files = {"reqs/prod.txt": "-r base.txt\ngunicorn==1\n", "reqs/base.txt": "django==5.2.8\n"}
    one = image("COPY reqs/prod.txt /tmp/r.txt", "RUN uv pip sync /tmp/r.txt")
    assert len(found("IMG048", {**files, "Dockerfile": one})) == 1
    for lines in (
        ["COPY reqs /reqs", "RUN pip install -r /reqs/prod.txt"],
        ["COPY reqs/*.txt ./", "RUN pip install -r prod.txt"],
        ["COPY . .", "RUN pip install -r reqs/prod.txt"],
        ["COPY reqs/prod.txt reqs/base.txt ./", "RUN pip install -r prod.txt"],
        ["RUN --mount=type=bind,target=. pip install -r reqs/prod.txt"],
    ):
        assert found("IMG048", {**files, "Dockerfile": image(*lines)}) == [], lines


def test_a_list_that_names_everything_needs_no_dependencies() -> None:
    line = "RUN pip install --no-deps -r r.txt"
    short = {"Dockerfile": image("COPY r.txt .", line), "r.txt": "django==5.2.8\n"}
    assert len(found("IMG047", short)) == 1
    full = {**short, "r.txt": "asgiref==3.10.0\ndjango==5.2.8\nsqlparse==0.5.3\n"}
    assert found("IMG047", full) == []


def test_what_a_compose_file_names() -> None:
    lines = ["    depends_on: {db: {condition: service_started}}", "    volumes: ['data:/x']"]
    messages = [each.message for each in found("IMG046", compose(*lines))]
    assert messages == [
        "web depends on db, which is no service",
        "The volume data is not under `volumes`",
    ]
    other = {**compose(*lines), "compose.override.yaml": "services: {db: {image: x}}\n"}
    assert found("IMG046", other) == []
    host = ["    volumes: ['./data:/x', '/srv:/y', '~/z:/z', '${D}:/d']"]
    assert found("IMG046", compose(*host)) == []


def test_a_server_that_watches() -> None:
    text = image("RUN pip list").replace('"shop.wsgi"', '"--reload", "x"')
    assert len(found("IMG044", {"Dockerfile": text})) == 1
    draft = compose("    volumes: ['.:/app']", "    command: uvicorn x:app --reload")
    draft["compose.yaml"] = str(draft["compose.yaml"]).replace("    restart: always\n", "")
    assert found("IMG044", draft) == []


def test_of_two_commands_one_is_ignored() -> None:
    text = image("RUN pip list", 'CMD ["python", "manage.py", "migrate"]')
    (finding,) = found("IMG045", {"Dockerfile": text})
    assert finding.location.line == 3
    stages = f"FROM python:3.13 AS base\n{RUN}FROM base\nUSER 1\n{RUN}"
    assert found("IMG045", {"Dockerfile": stages}) == []


def test_images_that_something_is_copied_from() -> None:
    loose = image("RUN pip list", "COPY --from=ghcr.io/astral-sh/uv /uv /bin/")
    assert len(found("IMG002", {"Dockerfile": loose})) == 1
    pinned = loose.replace("astral-sh/uv ", "astral-sh/uv:0.8.22 ")
    assert found("IMG002", {"Dockerfile": pinned}) == []


def test_what_gunicorns_file_binds() -> None:
    (finding,) = found("IMG014", {"gunicorn.conf.py": 'bind = "127.0.0.1:8000"\n'})
    assert str(finding.location) == "gunicorn.conf.py:1"


def test_the_hosts_code_in_a_file_that_serves() -> None:
    assert len(found("IMG040", compose("    volumes: ['.:/app']"))) == 1
    assert found("IMG040", compose("    volumes: ['./nginx.conf:/etc/nginx.conf']")) == []


def test_a_port_in_gunicorns_file_where_the_platform_gives_one() -> None:
    yaml = "provider: gcp\ndomain: x.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: x\n"
    files = {"nuages.yaml": yaml, "gunicorn.conf.py": 'bind = "0.0.0.0:8000"\n'}
    (finding,) = found("IMG015", files)
    assert finding.location.path == "gunicorn.conf.py"
    assert found("IMG015", {**files, "gunicorn.conf.py": 'bind = "0.0.0.0:8080"\n'}) == []


def test_ports_that_are_published() -> None:
    text = image("RUN pip list").replace('"shop.wsgi"', '"-b", "0.0.0.0:8000", "x"')
    for port, wrong in (("80:8000", 0), ("127.0.0.1:80:8000", 0), ("80:80", 1), ("8000:8001", 1)):
        files = {"Dockerfile": text, **compose(f"    ports: ['{port}']")}
        assert len(found("IMG030", files)) == wrong, port


def test_processes_that_a_variable_asks_for() -> None:
    lines = ["    mem_limit: 1g", "    environment: {WEB_CONCURRENCY: '16'}"]
    assert len(found("IMG027", compose(*lines))) == 1


def test_variables_that_tell_to_develop() -> None:
    settings = {"settings.py": "DEBUG = env.bool('SHOP_DEBUG', default=False)"}
    line = "    environment: {SHOP_DEBUG: 'true'}"
    assert len(found("IMG050", {**settings, **compose(line)})) == 1
    assert found("IMG050", compose(line)) == []
    module = "    environment: {DJANGO_SETTINGS_MODULE: shop.settings.local}"
    assert len(found("IMG050", compose(module))) == 1


def test_a_name_that_the_container_has_in_the_image() -> None:
    lines = ["COPY docker/begin.sh /usr/local/bin/begin", 'ENTRYPOINT ["begin"]']
    text = "\n".join(["FROM python:3.13-slim", "RUN pip list", *lines, "USER 1", RUN])
    script = '#!/bin/sh\npython manage.py migrate\nexec "$@"\n'
    assert len(found("IMG011", {"Dockerfile": text, "docker/begin.sh": script})) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("RUN apt-get update && apt-get install -y --no-install-recommends x && rm -rf "
         "/var/lib/apt/lists/*", 0),
        ("RUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*", 1),
        ("RUN --mount=type=cache,target=/root/.cache pip install -r x.txt", 0),
        ("RUN pip install -r x.txt", 1),
        ("RUN uv pip install -r x.txt", 0),
    ],
)  # fmt: skip
def test_what_is_left_behind(line: str, said: int) -> None:
    assert len(found("IMG025", {"Dockerfile": image(line)})) == said
