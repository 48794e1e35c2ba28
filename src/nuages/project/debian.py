"""Debian packages that Python packages need, to be built and to run: data.

Names are those of Debian 13 (trixie), https://packages.debian.org/trixie/, of which the official
``python:3.x-slim`` images are made. A package with wheels that carry their libraries (Pillow,
lxml, cryptography, psycopg2-binary) is absent on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Needs:
    """What one Python package needs from the system."""

    build: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()
    url: str = ""


COMPILER = ("gcc", "libc6-dev")
_XML = (*COMPILER, "pkg-config", "libxml2-dev", "libxmlsec1-dev")
_PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
_GEO = ("binutils", "libproj25", "libgeos-c1t64", "gdal-bin", "libgdal36")

PACKAGES: dict[str, Needs] = {
    "psycopg2": Needs(
        (*COMPILER, "libpq-dev"), ("libpq5",), "https://www.psycopg.org/docs/install.html"
    ),
    "psycopg-c": Needs(
        (*COMPILER, "libpq-dev"),
        ("libpq5",),
        "https://www.psycopg.org/psycopg3/docs/basic/install.html",
    ),
    "mysqlclient": Needs(
        (*COMPILER, "pkg-config", "default-libmysqlclient-dev"),
        ("libmariadb3",),
        "https://github.com/PyMySQL/mysqlclient#install",
    ),
    "uwsgi": Needs(
        (*COMPILER, "libpcre2-dev"),
        (),
        "https://uwsgi-docs.readthedocs.io/en/latest/Install.html",
    ),
    "python-magic": Needs((), ("libmagic1t64",), "https://pypi.org/project/python-magic/"),
    "weasyprint": Needs(
        (), _PANGO, "https://doc.courtbouillon.org/weasyprint/stable/first_steps.html"
    ),
    "django-weasyprint": Needs((), _PANGO, "https://pypi.org/project/django-weasyprint/"),
    "pycairo": Needs((*COMPILER, "pkg-config", "libcairo2-dev"), ("libcairo2",)),
    "cairosvg": Needs((), ("libcairo2",), "https://cairosvg.org/documentation/"),
    "cairocffi": Needs((), ("libcairo2",)),
    "python-ldap": Needs(
        (*COMPILER, "libldap-dev", "libsasl2-dev"),
        ("libldap2", "libsasl2-2"),
        "https://www.python-ldap.org/en/latest/installing.html",
    ),
    "xmlsec": Needs((), (), "https://pypi.org/project/xmlsec/"),
    "pysaml2": Needs((), ("xmlsec1",), "https://pysaml2.readthedocs.io/en/latest/install.html"),
    "pylibmc": Needs((*COMPILER, "libmemcached-dev", "zlib1g-dev"), ("libmemcached11t64",)),
    "pyodbc": Needs((), ("unixodbc",), "https://github.com/mkleehammer/pyodbc/wiki/Install"),
    "gssapi": Needs((*COMPILER, "libkrb5-dev"), ("libgssapi-krb5-2",)),
    "kerberos": Needs((*COMPILER, "libkrb5-dev"), ("libgssapi-krb5-2",)),
    "pygraphviz": Needs((*COMPILER, "libgraphviz-dev"), ("graphviz",)),
    "graphviz": Needs((), ("graphviz",)),
    "wand": Needs((), ("libmagickwand-7.q16-10",)),
    "pyvips": Needs((), ("libvips42t64",)),
    "pyzbar": Needs((), ("libzbar0t64",)),
    "pdf2image": Needs((), ("poppler-utils",)),
    "pytesseract": Needs((), ("tesseract-ocr",)),
    "ffmpeg-python": Needs((), ("ffmpeg",)),
    "pyenchant": Needs((), ("libenchant-2-2",)),
    "hunspell": Needs((*COMPILER, "g++", "libhunspell-dev"), ("libhunspell-1.7-0",)),
    "python-xmp-toolkit": Needs((), ("libexempi8",)),
    "gdal": Needs((*COMPILER, "g++", "libgdal-dev"), _GEO),
    "opencv-python": Needs((), ("libgl1", "libglib2.0-0t64")),
    "librabbitmq": Needs((*COMPILER, "librabbitmq-dev"), ("librabbitmq4",)),
}

GEODJANGO = Needs(
    (), _GEO, "https://docs.djangoproject.com/en/stable/ref/contrib/gis/install/geolibs/"
)
SPATIALITE = Needs((), ("libsqlite3-mod-spatialite",))
GETTEXT = Needs(("gettext",), (), "https://docs.djangoproject.com/en/stable/ref/django-admin/")
GIT = Needs(("git",), ())

BUILT_BEFORE: dict[str, tuple[str, Needs]] = {
    # package: the version since which wheels for current Pythons exist; older ones are compiled
    "xmlsec": ("1.3.15", Needs(_XML, ("libxmlsec1t64-openssl",))),
    "pycurl": (
        "7.45.3",
        Needs((*COMPILER, "libcurl4-openssl-dev", "libssl-dev"), ("libcurl4t64",)),
    ),
    "hiredis": ("2.0.0", Needs(COMPILER)),
    "twisted": ("19.10.0", Needs(COMPILER)),
    "uvloop": ("0.16", Needs((*COMPILER, "make"))),
}
"""https://pypi.org/project/xmlsec/#files and the others' own pages."""

COMPILED: dict[str, Needs] = {
    "psycopg2-binary": Needs((*COMPILER, "libpq-dev"), ("libpq5",)),
    "pyyaml": Needs(COMPILER),
    "cffi": Needs((*COMPILER, "libffi-dev"), ("libffi8",)),
    "greenlet": Needs((*COMPILER, "g++")),
    "aiohttp": Needs(COMPILER),
    "pillow": Needs((*COMPILER, "libjpeg62-turbo-dev", "zlib1g-dev"), ("libjpeg62-turbo",)),
    "lxml": Needs((*COMPILER, "libxml2-dev", "libxslt1-dev"), ("libxml2", "libxslt1.1")),
    "numpy": Needs((*COMPILER, "g++")),
    "pandas": Needs((*COMPILER, "g++")),
    "hiredis": Needs(COMPILER),
}
"""What a pinned version needs where it has no wheel for the chosen Python."""
