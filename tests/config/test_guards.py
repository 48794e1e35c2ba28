"""Labels, protection, budget, and who releases."""

from __future__ import annotations

from nuages.model import Budget, Deployer, Trigger


def test_nothing_said_is_protected_and_nothing_more(shop) -> None:
    deployment = shop.deployment()
    assert deployment.deletion_protection
    assert (deployment.budget, deployment.trigger, deployment.deployer) == (None, None, None)
    assert deployment.labels == {}


def test_what_is_said(shop) -> None:
    deployment = shop.deployment(
        yaml="labels: {team: jazz}\ndeletion_protection: false\n"
        "budget: {amount: 50, account: 000000-111111-222222}\n"
        "deployer: {repository: jazz/my-site}\n"
    )
    assert deployment.labels == {"team": "jazz"}
    assert not deployment.deletion_protection
    assert deployment.budget == Budget(50, "USD", "000000-111111-222222")
    assert deployment.deployer == Deployer("jazz/my-site")


def test_a_trigger_brings_its_account(shop) -> None:
    deployment = shop.deployment(yaml="trigger: {repository: r}")
    assert deployment.trigger == Trigger("r", "main", approval=False)
    assert deployment.deployer == Deployer()


def test_a_database_that_is_there(shop) -> None:
    database = shop.deployment(yaml="database: {existing: main, flags: {work_mem: 4096}}").database
    assert database is not None
    assert (database.existing, dict(database.flags)) == ("main", {"work_mem": "4096"})
    assert not database.socket


def test_settings_that_demand_the_socket_get_it(shop) -> None:
    settings = "A = os.environ['CLOUD_SQL_CONNECTION_NAME']\n"
    database = shop.deployment(settings).database
    assert database is not None
    assert database.socket
