from nuages.checks.sources.compose import ComposeFile
from nuages.checks.sources.yaml_file import yaml

TEXT = """\
x-site: &site
  image: shop:1
  environment:
    DEBUG: "1"
services:
  web:
    <<: *site
    command: ["gunicorn", "shop.wsgi"]
    ports: ["8000:8000"]
  worker:
    image: shop:1
    entrypoint: celery
    command: -A shop worker
    environment:
      - SECRET_KEY=abc
      - TOKEN
"""


def test_services_with_their_places() -> None:
    read = yaml(TEXT, "compose.yaml")
    assert read
    web, worker = ComposeFile("compose.yaml", read).services
    assert (web.name, web.image, web.command) == ("web", "shop:1", "gunicorn shop.wsgi")
    assert worker.command == "celery -A shop worker"
    assert web.key.line == 6
    assert web.at("command").line == 8
    assert web.at("mem_limit").line == 6
    assert [(text, where.line) for text, where in web.texts("ports")] == [("8000:8000", 9)]


def test_environment_as_a_mapping_and_as_a_list() -> None:
    read = yaml(TEXT, "compose.yaml")
    assert read
    web, worker = ComposeFile("compose.yaml", read).services
    assert {name: value for name, (value, _) in web.environment.items()} == {"DEBUG": "1"}
    assert worker.environment["SECRET_KEY"][0] == "abc"
    assert worker.environment["SECRET_KEY"][1].line == 15
    assert worker.environment["TOKEN"][0] is None


def test_what_is_no_plain_yaml_is_none() -> None:
    assert yaml("a: !reset b", "x.yaml") is None
    assert yaml("{{ template }}: [", "x.yaml") is None
