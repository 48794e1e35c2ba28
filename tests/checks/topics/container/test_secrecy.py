"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import image


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
