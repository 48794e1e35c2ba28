"""Make the site's own role of the database, and the extensions that it needs.

Run before the migrations, as often as one likes. The administrator comes from DB_ADMIN_USER and
DB_ADMIN_PASSWORD; without one the role is there already, and only extensions are made, as the
role itself. The role is that of DB_USER and DB_PASSWORD in DB_NAME on DB_HOST, or of DATABASE_URL.
DB_TLS=require refuses to speak in plain.
"""

import os
import sys
import time
from urllib.parse import unquote, urlsplit

PATIENCE = 60  # seconds, until a network that is new lets the first packet through


def value(name, default=""):
    return os.environ.get(name, "").strip() or default


def target():
    """Where the database is and whose it will be."""
    url = urlsplit(value("DATABASE_URL"))
    if value("DB_NAME") or not url.scheme:
        engine, host, port = value("DB_ENGINE", "postgresql"), value("DB_HOST"), value("DB_PORT")
        names = value("DB_NAME"), value("DB_USER"), value("DB_PASSWORD")
    else:
        engine, host, port = url.scheme, unquote(url.hostname or ""), url.port
        names = (unquote(part or "") for part in (url.path[1:], url.username, url.password))
    name, user, password = names
    if not (name and user and password):
        sys.exit("Set DB_HOST, DB_NAME, DB_USER and DB_PASSWORD, or DATABASE_URL.")
    mysql = "mysql" in engine or "mariadb" in engine
    return mysql, host, int(port or (3306 if mysql else 5432)), name, user, password


def patiently(connect):
    """What ``connect`` opens; a server that says no is asked no more."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return connect()
        except Exception as error:
            said = str(error).lower()
            refused = any(word in said for word in ("password", "denied", "pg_hba", "ssl"))
            if refused or "Operational" not in type(error).__name__ or time.monotonic() > end:
                sys.exit("The database lets nobody in: %s" % error)
            time.sleep(1)


def identifier(name, quote='"'):
    return quote + name.replace(quote, quote * 2) + quote


def postgresql(host, port, name, user, password, extensions):
    try:
        import psycopg as driver
    except ImportError:
        import psycopg2 as driver
    admin = value("DB_ADMIN_USER")
    connection = patiently(
        lambda: driver.connect(
            host=host,
            port=port,
            dbname=name,
            user=admin or user,
            password=value("DB_ADMIN_PASSWORD") if admin else password,
            sslmode=value("DB_TLS", "prefer"),
            connect_timeout=10,
        )
    )
    connection.autocommit = True
    cursor = connection.cursor()
    if admin:
        role(cursor, user, verifier(driver, connection, user, password))
        own(cursor, name, user)
    for extension in extensions:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS " + identifier(extension))
    connection.close()


def verifier(driver, connection, user, password):
    """What the server keeps of a password: the password itself would be in its log."""
    if driver.__name__ == "psycopg":
        return connection.pgconn.encrypt_password(password.encode(), user.encode()).decode()
    from psycopg2.extensions import encrypt_password

    return encrypt_password(password, user, scope=connection)


def answer(cursor, question, *values):
    cursor.execute(question, values)
    row = cursor.fetchone()
    return row[0] if row else None


def role(cursor, user, kept):
    """The role with this password; the administrator is a member, to hand things over to it."""
    there = answer(cursor, "SELECT 1 FROM pg_roles WHERE rolname = %s", user)
    quoted, verb = identifier(user), "ALTER" if there else "CREATE"
    cursor.execute("%s ROLE %s WITH LOGIN PASSWORD '%s'" % (verb, quoted, kept.replace("'", "''")))
    # Since PostgreSQL 16 who makes a role is no full member of it by that.
    if not answer(cursor, "SELECT pg_has_role(current_user, %s, 'USAGE')", user):
        cursor.execute("GRANT %s TO CURRENT_USER" % quoted)


def own(cursor, name, user):
    """The database is the role's: it makes tables, schemas and trusted extensions in it."""
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    if answer(cursor, owner) != user:
        cursor.execute("ALTER DATABASE %s OWNER TO %s" % (identifier(name), identifier(user)))
    # Since PostgreSQL 15 by being the owner; a database from an older one keeps its rights.
    if not answer(cursor, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", user):
        cursor.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + identifier(user))


def mysql(host, port, name, user, password):
    try:
        import MySQLdb as driver

        tls = {"ssl_mode": "REQUIRED"}
    except ImportError:
        import ssl

        import pymysql as driver

        context = ssl.create_default_context()
        # The server's authority is its own; what counts is that nobody listens.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        tls = {"ssl": context}
    place = {"unix_socket": host} if host.startswith("/") else {"host": host, "port": port}
    connection = patiently(
        lambda: driver.connect(
            user=value("DB_ADMIN_USER"),
            password=value("DB_ADMIN_PASSWORD"),
            connect_timeout=10,
            **dict(place, **(tls if value("DB_TLS") == "require" else {})),
        )
    )
    cursor = connection.cursor()
    cursor.execute("CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY %s", (user, password))
    cursor.execute("ALTER USER %s@'%%' IDENTIFIED BY %s", (user, password))
    on = identifier(name, "`") + ".*"
    cursor.execute("GRANT ALL PRIVILEGES ON " + on + " TO %s@'%%'", (user,))
    connection.close()


def main():
    is_mysql, host, port, name, user, password = target()
    extensions = [word for word in value("DB_EXTENSIONS").split(",") if word]
    if not is_mysql:
        postgresql(host, port, name, user, password, extensions)
    elif value("DB_ADMIN_USER"):
        mysql(host, port, name, user, password)
    made = ", ".join([user] * bool(value("DB_ADMIN_USER")) + extensions) or "nothing to make"
    print("In the database %s: %s." % (name, made))


main()
