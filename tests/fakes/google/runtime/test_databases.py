"""Cloud SQL and Memorystore, asked from a container of the world as a site would ask them."""

from __future__ import annotations

import pytest

from fakes.google.runtime import ContainerRuntime, tiny

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("google-runtime")]
PASSWORD = 'it\'s "quoted" \\ here'


def instance(name: str, address: str, version: str = "POSTGRES_17") -> tiny.Json:
    return {
        "name": name,
        "databaseVersion": version,
        "ipAddresses": [{"type": "PRIVATE", "ipAddress": address}],
        "settings": {
            "ipConfiguration": {"sslMode": "ENCRYPTED_ONLY"},
            "databaseFlags": [{"name": "max_connections", "value": "50"}],
        },
    }


@pytest.fixture(scope="module")
def postgres(runtime: ContainerRuntime, world: tiny.World) -> str:
    """An instance with a database and an administrator, as Terraform leaves it."""
    secret = "projects/jazz-club/secrets/jazz-db-admin-password"
    world.secrets[secret, "latest"] = PASSWORD.encode()
    runtime.start_database(instance("jazz-ab12", "10.0.77.5"))
    runtime.create_database("jazz-ab12", "jazz")
    runtime.set_user("jazz-ab12", "nuages-admin", None)
    return "jazz-ab12"


def ask(runtime: ContainerRuntime, image: str, environment: dict[str, str], *argv: str) -> str:
    """What a program prints that runs in the world's network."""
    body = {
        "Image": image,
        "Entrypoint": [],
        "Cmd": ["sh", "-c", '"$@" 2>&1', "sh", *argv],
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "HostConfig": runtime.network.attached(),
    }
    container = runtime.docker.run("client", body)
    said = [text for _, _, text in runtime.docker.lines(container)]
    runtime.docker.remove(container)
    return "\n".join(said)


def psql(runtime: ContainerRuntime, statement: str, **settings: str) -> str:
    environment = {
        "PGHOST": "10.0.77.5",
        "PGUSER": "nuages-admin",
        "PGDATABASE": "jazz",
        "PGPASSWORD": PASSWORD,
        "PGSSLMODE": "require",
        **settings,
    }
    return ask(runtime, "postgres:17", environment, "psql", "-XqAtc", statement)


def test_the_administrator_is_what_cloud_sql_makes(
    runtime: ContainerRuntime, postgres: str
) -> None:
    query = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert psql(runtime, query) == "f|t|t"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'jazz'"
    assert psql(runtime, owner) == "cloudsqlsuperuser"
    assert "permission denied" in psql(runtime, "ALTER SYSTEM SET work_mem = '1GB'")
    assert psql(runtime, "SHOW max_connections") == "50"


def test_a_plain_connection_is_refused(runtime: ContainerRuntime, postgres: str) -> None:
    assert "no encryption" in psql(runtime, "SELECT 1", PGSSLMODE="disable")
    assert psql(runtime, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == "t"


def test_a_wrong_password_is_refused(runtime: ContainerRuntime, postgres: str) -> None:
    assert "password authentication failed" in psql(runtime, "SELECT 1", PGPASSWORD="no")


def test_extensions_of_django_can_be_made(runtime: ContainerRuntime, postgres: str) -> None:
    for extension in ("pg_trgm", "unaccent", "hstore", "citext"):
        assert psql(runtime, f"CREATE EXTENSION IF NOT EXISTS {extension}") == ""


def test_what_is_there_already_is_left_alone(runtime: ContainerRuntime, postgres: str) -> None:
    psql(runtime, "CREATE TABLE kept AS SELECT 7 AS number")
    runtime.start_database(instance("jazz-ab12", "10.0.77.5"))
    runtime.create_database("jazz-ab12", "jazz")
    runtime.set_user("jazz-ab12", "nuages-admin", None)
    assert psql(runtime, "SELECT number FROM kept") == "7"


def test_a_backup_comes_back_here_and_in_another_instance(
    runtime: ContainerRuntime, postgres: str
) -> None:
    psql(runtime, "CREATE TABLE songs AS SELECT 'Nuages' AS title")
    runtime.back_up("jazz-ab12", "backup-1")
    psql(runtime, "DROP TABLE songs")
    runtime.restore("backup-1", "jazz-ab12")
    assert psql(runtime, "SELECT title FROM songs") == "Nuages"
    runtime.clone("jazz-ab12", instance("drill", "10.1.0.9"))
    assert psql(runtime, "SELECT title FROM songs", PGHOST="10.1.0.9") == "Nuages"
    runtime.stop_database("drill")


def test_databases_go_back_to_how_they_were(runtime: ContainerRuntime, postgres: str) -> None:
    server = runtime.databases["jazz-ab12"]
    psql(runtime, "CREATE TABLE before AS SELECT 1 AS number")
    server.remember()
    psql(runtime, "DROP TABLE before; CREATE TABLE after (number int)")
    server.rewind()
    assert psql(runtime, "SELECT number FROM before") == "1"
    assert "does not exist" in psql(runtime, "SELECT * FROM after")


def test_users_and_databases_go(runtime: ContainerRuntime, postgres: str) -> None:
    runtime.create_database(postgres, "gone")
    runtime.drop_database(postgres, "gone")
    runtime.set_user(postgres, "guest", "guest-password")
    runtime.drop_user(postgres, "guest")
    assert 'database "gone" does not exist' in psql(runtime, "SELECT 1", PGDATABASE="gone")
    assert psql(runtime, "SELECT 1 FROM pg_roles WHERE rolname = 'guest'") == ""


def test_mysql_has_its_own_server(runtime: ContainerRuntime) -> None:
    made = instance("jazz-my", "10.0.77.6", "MYSQL_8_0")
    runtime.start_database(made)
    runtime.create_database("jazz-my", "jazz")
    runtime.set_user("jazz-my", "nuages-admin", PASSWORD)

    def ask_mysql(statement: str, *options: str) -> str:
        arguments = ["mariadb", "-h", "10.0.77.6", "-u", "nuages-admin", "-BN", *options]
        environment = {"MYSQL_PWD": PASSWORD}
        return ask(runtime, "mariadb:11", environment, *arguments, "jazz", "-e", statement)

    trusting = "--disable-ssl-verify-server-cert"
    assert ask_mysql("SELECT COUNT(*) FROM information_schema.tables WHERE 1=0", trusting) == "0"
    assert "insecure transport" in ask_mysql("SELECT 1", "--skip-ssl")
    ask_mysql(
        "CREATE TABLE songs (title VARCHAR(9)); INSERT INTO songs VALUES ('Nuages')", trusting
    )
    runtime.back_up("jazz-my", "backup-2")
    ask_mysql("DROP TABLE songs", trusting)
    runtime.restore("backup-2", "jazz-my")
    assert ask_mysql("SELECT title FROM songs", trusting) == "Nuages"


def test_a_cache_wants_tls_and_its_password(runtime: ContainerRuntime) -> None:
    made = {
        "name": f"{tiny.PARENT}/instances/jazz-cache",
        "host": "10.0.77.7",
        "port": 6379,
        "authEnabled": True,
        "authString": "cache-password",
        "transitEncryptionMode": "SERVER_AUTHENTICATION",
    }
    authority = runtime.start_cache(made)
    assert runtime.start_cache(made) == authority
    client = ["redis-cli", "-h", "10.0.77.7"]
    password = {"REDISCLI_AUTH": "cache-password"}
    tls = ["--tls", "--insecure"]
    assert ask(runtime, "redis:7", password, *client, *tls, "PING") == "PONG"
    assert "NOAUTH" in ask(runtime, "redis:7", {}, *client, *tls, "PING")
    assert "PONG" not in ask(runtime, "redis:7", password, *client, "PING")
    # As a site does that was given the instance's authority.
    strict = (
        "import os, socket, ssl; context = ssl.create_default_context(cadata=os.environ['CA']); "
        "plain = socket.create_connection(('10.0.77.7', 6379)); "
        "print(context.wrap_socket(plain, server_hostname='10.0.77.7').version())"
    )
    assert ask(runtime, "python:3.13-slim", {"CA": authority}, "python", "-c", strict) == "TLSv1.3"
    runtime.stop_cache(made["name"])
