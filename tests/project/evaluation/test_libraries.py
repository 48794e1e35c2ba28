"""The libraries through which settings read the environment, against their own behaviour."""

# A case reads best in one line.
# ruff: noqa: E501

import pytest
from cases import evaluated, value, variable

ENVIRON = "import environ\nenv = environ.Env(D=(bool, True), S=(str, 's'), N=int)\n"
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "n", "USER": "u", "PASSWORD": "p@",
            "HOST": "h", "PORT": 5}  # fmt: skip
DJANGO_ENVIRON = [
    ("env('A')", {"A": "x"}, "x"),
    ("env('A', default='d')", {}, "d"),
    ("env('A', default=None)", {"A": ""}, None),
    ("env('A', default=False)", {"A": "on"}, True),
    ("env('A', default=5)", {"A": "7"}, 7),
    ("env('A', default=['a'])", {"A": "x,,y"}, ["x", "y"]),
    ("env('D')", {}, True),
    ("env('D')", {"D": "off"}, False),
    ("env('S')", {}, "s"),
    ("env('N')", {"N": "3"}, 3),
    ("env.bool('A', False)", {"A": "Yes"}, True),
    ("env.bool('A')", {"A": "nonsense"}, False),
    ("env.bool('A')", {"A": "2"}, True),
    ("env.int('A', default=1)", {"A": "2"}, 2),
    ("env.float('A')", {"A": "1,000.5"}, 1000.5),
    ("env.list('A', default=[])", {"A": ""}, []),
    ("env.list('A', cast=int)", {"A": "1,2"}, [1, 2]),
    ("env.tuple('A')", {"A": "(a,b)"}, ["a", "b"]),
    ("env.dict('A')", {"A": "a=1,b=2"}, {"a": "1", "b": "2"}),
    ("env.json('A')", {"A": "[1]"}, [1]),
    ("env.str('A', multiline=True)", {"A": "a\\nb"}, "a\nb"),
    ("env('A')", {"A": "$B", "B": "b"}, "b"),
    ("env.url('A').hostname", {"A": "https://h/x"}, "h"),
    ("env.db()", {"DATABASE_URL": "postgres://u:p%40@h:5/n"}, POSTGRES),
    ("env.db('A', default='sqlite:///x.db')['NAME']", {}, "x.db"),
    ("env.db('A')['OPTIONS']", {"A": "mysql://h/n?charset=utf8&CONN_MAX_AGE=5"}, {"charset": "utf8"}),
    ("env.cache('A')", {"A": "locmemcache://"},
     {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": ""}),
    ("environ.Env.cache_url_config('dummycache://')['BACKEND']", {}, "django.core.cache.backends.dummy.DummyCache"),
    ("env.cache_url()['LOCATION']", {"CACHE_URL": "redis://h:1/2"}, "redis://h:1/2"),
    ("env.email('A')['EMAIL_USE_TLS']", {"A": "smtp+tls://u:p@h:587"}, True),
    ("env.channels('A')['CONFIG']", {"A": "redis://h:1/0"}, {"hosts": ["redis://h:1/0"]}),
    ("env.path('A')('b')", {"A": "/a"}, "/a/b"),
    ("(environ.Path(__file__) - 2)('media')", {}, "{root}/media"),
    ("environ.Path('/a', 'b').root", {}, "/a/b"),
    ("'A' in env", {"A": ""}, True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "expected"), DJANGO_ENVIRON)
def test_django_environ(text: str, given: dict, expected: object) -> None:
    assert value(f"{ENVIRON}X = {text}", given) == expected


DECOUPLE = [
    ("config('A')", {"A": "x"}, "x"),
    ("config('A', default=None)", {}, None),
    ("config('A', default=False, cast=bool)", {"A": "t"}, True),
    ("config('A', default='off', cast=bool)", {}, False),
    ("config('A', cast=bool)", {"A": ""}, False),
    ("config('A', cast=bool)", {"A": "maybe"}, "<ValueError: invalid truth value 'maybe'>"),
    ("config('A', cast=int, default=4)", {}, 4),
    ("config('A', cast=Csv())", {"A": "a, b"}, ["a", "b"]),
    ("config('A', default='', cast=Csv())", {}, []),
    ("config('A', cast=Csv(int, post_process=tuple))", {"A": "1,2"}, [1, 2]),
    ("config('A', cast=Choices(['a', 'b']))", {"A": "b"}, "b"),
    ("config('A', default='a b', cast=lambda v: v.split())", {}, ["a", "b"]),
    ("config('A', default=10, cast=lambda v: v * 2)", {}, 20),
]


@pytest.mark.parametrize(("text", "given", "expected"), DECOUPLE)
def test_decouple(text: str, given: dict, expected: object) -> None:
    assert value(f"from decouple import config, Csv, Choices\nX = {text}", given) == expected


ENVIRONS = [
    ("env('A')", {"A": "x"}, "x"),
    ("env.str('A', 'd')", {}, "d"),
    ("env.bool('A', default=False)", {"A": "on"}, True),
    ("env.bool('A')", {"A": "maybe"}, "<EnvValidationError: Not a valid boolean.>"),
    ("env.int('A')", {"A": "2"}, 2),
    ("env.list('A')", {"A": ""}, []),
    ("env.list('A', subcast=int)", {"A": "1,2"}, [1, 2]),
    ("env.dict('A')", {"A": "a=1"}, {"a": "1"}),
    ("env.json('A')", {"A": "{}"}, {}),
    ("env.dj_db_url('A', default='sqlite:///x')['NAME']", {}, "x"),
    ("env.log_level('A')", {"A": "INFO"}, 20),
]


@pytest.mark.parametrize(("text", "given", "expected"), ENVIRONS)
def test_environs(text: str, given: dict, expected: object) -> None:
    assert (
        value(f"from environs import Env\nenv = Env()\nenv.read_env()\nX = {text}", given)
        == expected
    )


def test_a_prefix_of_environs_is_part_of_the_name() -> None:
    text = "from environs import env\nwith env.prefixed('A_'):\n    X = env('B', 'd')\nY = env('C', 1)\n"
    result = evaluated(text, {"A_B": "x"})
    assert result.settings["X"].value == "x"
    assert [v.name for v in result.variables] == ["A_B", "C"]


NEWEST = {"CONN_MAX_AGE": 9, "CONN_HEALTH_CHECKS": False, "DISABLE_SERVER_SIDE_CURSORS": False}
AGES = [
    ("", {**POSTGRES, **NEWEST}),
    ("dj-database-url==2.1.0", {**POSTGRES, "CONN_MAX_AGE": 9, "CONN_HEALTH_CHECKS": False}),
    ("dj_database_url==1.0.0", {**POSTGRES, "CONN_MAX_AGE": 9}),
    ("dj-database-url==0.5.0",
     {**POSTGRES, "CONN_MAX_AGE": 9, "ENGINE": "django.db.backends.postgresql_psycopg2"}),
]  # fmt: skip


@pytest.mark.parametrize(("requirement", "expected"), AGES)
def test_dj_database_url_behaves_by_its_version(requirement: str, expected: dict) -> None:
    text = "import dj_database_url\nX = dj_database_url.config(conn_max_age=9)\n"
    environ = {"DATABASE_URL": "postgres://u:p%40@h:5/n"}
    result = evaluated(text, environ, {"requirements.txt": requirement})
    assert result.settings["X"].value == expected
    assert variable(result, "DATABASE_URL").cast == "url:database"


OTHERS = [
    ("import dj_database_url", "dj_database_url.config()", {}, {}),
    ("import dj_database_url", "dj_database_url.parse('foo://h')",
     {}, "<ValueError: Scheme 'foo://' is unknown.>"),
    ("import dj_email_url", "dj_email_url.parse('smtp://h')['EMAIL_PORT']", {}, 25),
    ("import django_cache_url", "django_cache_url.config()['LOCATION']",
     {"CACHE_URL": "redis://:p@h/1"}, "redis://:p@h:6379/1"),
    ("from prettyconf import config", "config('A', default='1', cast=config.boolean)", {}, True),
    ("from starlette.config import Config\nconfig = Config()", "config('A', bool, False)",
     {"A": "true"}, True),
    ("from everett.manager import ConfigManager\nconfig = ConfigManager.basic_config()",
     "config('a', default='no', parser=bool)", {}, False),
]  # fmt: skip


@pytest.mark.parametrize(("imports", "text", "given", "expected"), OTHERS)
def test_other_libraries(imports: str, text: str, given: dict, expected: object) -> None:
    assert value(f"{imports}\nX = {text}", given) == expected


def test_pydantic_settings_read_a_variable_for_each_field() -> None:
    text = """
        from pydantic_settings import BaseSettings
        class Env(BaseSettings):
            debug: bool = False
            secret: str
            hosts: list[str] = []
            model_config = {"env_prefix": "APP_"}
        env = Env()
        X = [env.debug, env.secret, env.hosts]
        """
    result = evaluated(text, {"APP_SECRET": "s", "APP_HOSTS": '["a"]'})
    assert result.settings["X"].value == [False, "s", ["a"]]
    assert variable(result, "APP_SECRET").required


def test_redis_through_django_environ_uses_django_redis_where_it_is_a_dependency() -> None:
    text = "import environ\nX = environ.Env().cache('A', 'redis://h')['BACKEND']\n"
    built_in = "django.core.cache.backends.redis.RedisCache"
    assert evaluated(text).settings["X"].value == built_in
    found = evaluated(text, {}, {"requirements.txt": "django-redis>=5"}).settings["X"]
    assert found.value == "django_redis.cache.RedisCache"


DOTENV = {
    "environ": "import environ\nenviron.Env.read_env()\nimport os\nX = os.getenv('A')",
    "environs": "from environs import env\nenv.read_env()\nX = env('A', None)",
    "decouple": "from decouple import config\nX = config('A', default=None)",
    "dotenv": "from dotenv import load_dotenv\nload_dotenv()\nimport os\nX = os.getenv('A')",
}


@pytest.mark.parametrize("name", DOTENV)
def test_a_committed_env_file_is_read_and_noted(name: str) -> None:
    files = {"site/.env": "# x\nA='from file'\n"}
    result = evaluated(DOTENV[name], {}, files)
    assert result.settings["X"].value == "from file"
    assert [str(p.location) for p in result.problems] == ["site/.env"]
    assert evaluated(DOTENV[name], {"A": "given"}, files).settings["X"].value == "given"
    assert evaluated(DOTENV[name]).settings["X"].value is None


def test_django_heroku_sets_what_it_sets() -> None:
    text = """
        import os, django_heroku
        BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        MIDDLEWARE = ["a"]
        ALLOWED_HOSTS = []
        django_heroku.settings(locals(), logging=False)
        """
    found = evaluated(text, {"SECRET_KEY": "k"}).settings
    assert found["MIDDLEWARE"].value == ["whitenoise.middleware.WhiteNoiseMiddleware", "a"]
    assert found["STATIC_ROOT"].value == "{root}/staticfiles"
    assert (found["ALLOWED_HOSTS"].value, found["SECRET_KEY"].value) == (["*"], "k")
    assert "LOGGING" not in found


def test_dynaconf_leaves_everything_unknown() -> None:
    found = evaluated("import dynaconf\nX = 1\nsettings = dynaconf.DjangoDynaconf(__name__)\n")
    assert found.settings["X"].state == "unknown"


def test_a_mail_url_that_updates_the_module_leaves_what_computes_it() -> None:
    text = "import environ\nenv = environ.Env()\nvars().update(env.email())\nTOKEN = env('TOKEN')\n"
    found = evaluated(text)
    assert {v.name: v.required for v in found.variables}["TOKEN"]


def test_the_module_inside_of_django_environ() -> None:
    text = "from environ import environ\nenv = environ.Env()\nTOKEN = env.str('TOKEN')\n"
    found = evaluated(text)
    assert [v.name for v in found.variables] == ["TOKEN"]
