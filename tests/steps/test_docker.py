"""The command lines as one reads them."""

from __future__ import annotations

from nuages.steps import docker

IMAGE = "europe-west1-docker.pkg.dev/p/site/web"


def test_build() -> None:
    argv = docker.build(
        [f"{IMAGE}:abc", f"{IMAGE}:latest"],
        dockerfile="Dockerfile",
        target="web",
        labels={"org.opencontainers.image.revision": "abc"},
        build_args={"SITE": "shop"},
        secrets=["PIP_TOKEN"],
    )
    assert " ".join(argv) == (
        "docker build --platform=linux/amd64 --progress=plain"
        f" --tag={IMAGE}:abc --tag={IMAGE}:latest --file=Dockerfile --target=web"
        " --label=org.opencontainers.image.revision=abc --build-arg=SITE=shop"
        " --secret=id=PIP_TOKEN,env=PIP_TOKEN ."
    )


def test_the_shortest_build() -> None:
    assert " ".join(docker.build(["site"], context="web")) == (
        "docker build --platform=linux/amd64 --progress=plain --tag=site web"
    )


def test_push_with_a_login_of_its_own() -> None:
    assert " ".join(docker.push("site:1", config="/tmp/d")) == (
        "docker --config=/tmp/d push site:1"
    )
    assert " ".join(docker.push("site:1")) == "docker push site:1"


def test_pull() -> None:
    assert " ".join(docker.pull("site:1", config="/tmp/d")) == (
        "docker --config=/tmp/d pull --platform=linux/amd64 site:1"
    )


def test_tag() -> None:
    assert " ".join(docker.tag("site", "site:1")) == "docker tag site site:1"


def test_repo_digests() -> None:
    assert " ".join(docker.repo_digests("site:1")) == (
        "docker image inspect --format={{json .RepoDigests}} site:1"
    )


def test_login_takes_the_password_from_standard_input() -> None:
    assert " ".join(docker.login("r.example", "oauth2accesstoken", config="/tmp/d")) == (
        "docker --config=/tmp/d login --username=oauth2accesstoken --password-stdin r.example"
    )
