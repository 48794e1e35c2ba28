"""Rules about logs."""

from __future__ import annotations

from clean_site import found


def test_standard_output_by_its_path_is_no_file() -> None:
    handler = "LOGGING['handlers']['out'] = {'class': 'logging.FileHandler', 'filename': '%s'}"
    assert found("LOG001", {"settings.py": handler % "/app/logs/django.log"})
    assert not found("LOG001", {"settings.py": handler % "/dev/stdout"})


def test_the_level_of_one_own_logger_is_the_users_business() -> None:
    assert not found(
        "LOG002", {"settings.py": "LOGGING['loggers'] = {'orders': {'level': 'DEBUG'}}"}
    )
    assert found("LOG002", {"settings.py": "LOGGING['loggers'] = {'django': {'level': 'DEBUG'}}"})


def test_logging_set_up_by_a_call_is_set_up() -> None:
    call = "# no LOGGING\nimport logging.config\nlogging.config.dictConfig({'version': 1})"
    assert not found("LOG003", {"settings.py": call})
    assert found("LOG003", {"settings.py": "# no LOGGING"})


def test_dict_config_silences_unless_it_is_told_not_to() -> None:
    silent = "del LOGGING['disable_existing_loggers']"
    (finding,) = found("LOG005", {"settings.py": silent})
    assert "not said" in finding.message


def test_a_handler_that_a_logger_names_must_exist() -> None:
    (finding,) = found("LOG007", {"settings.py": "LOGGING['root']['handlers'] = ['sentry']"})
    assert "'sentry'" in finding.message


def test_a_rate_from_the_environment_is_not_every_request() -> None:
    init = "import sentry_sdk\nsentry_sdk.init(traces_sample_rate=env.float('RATE', default=1.0))"
    assert not found("LOG009", {"settings.py": init})
