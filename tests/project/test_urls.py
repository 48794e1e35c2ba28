from __future__ import annotations

import pytest
from plain_project import Detected


@pytest.mark.parametrize(
    ("urls", "settings", "paths"),
    [
        ("urlpatterns = []", "", []),
        ("urlpatterns = [path('admin/', admin.site.urls), path('', home)]", "", ["/", "/admin/"]),
        ("urlpatterns = [path('a/<int:pk>/', view), path('b/', view)]", "", ["/b/"]),
        ("urlpatterns = [url(r'^a/$', v), re_path(r'^b\\.txt$', v), re_path(r'^(?P<x>c)/', v)]", "",
         ["/a/", "/b.txt"]),
        ("urlpatterns = [re_path(r'^a/?$', v)]", "", ["/a/"]),
        ("urlpatterns = [path('a/', v)] + [path('b/', v)]\nurlpatterns += [path('c/', v)]", "",
         ["/a/", "/b/", "/c/"]),
        ("urlpatterns = [*static('x'), path('a/', v)]", "", ["/a/"]),
        ("urlpatterns = []\nurlpatterns.append(path('a/', v))", "", ["/a/"]),
        # only with DEBUG: it is not certain
        ("urlpatterns = []\nif settings.DEBUG:\n    urlpatterns += [path('d/', v)]", "", []),
        ("urlpatterns = [path(settings.ADMIN_URL, v)]", "ADMIN_URL = 'secret/'\n", ["/secret/"]),
        ("urlpatterns = [path(f'{settings.ADMIN_URL}x/', v)]", "ADMIN_URL = 'a/'\n", ["/a/x/"]),
        ("urlpatterns = [path(settings.UNKNOWN, v)]", "", []),
        ("urlpatterns = [path('a/', include('blog.urls'))]", "", ["/a/", "/a/post/"]),
        ("urlpatterns = [path('a/', include(('blog.urls', 'blog')))]", "", ["/a/", "/a/post/"]),
        ("urlpatterns = [path('a/', include('elsewhere.urls'))]", "", ["/a/"]),
        ("urlpatterns = [path('a/', include('shop.urls')), path('b/', v)]", "",
         ["/a/a/a/", "/a/a/b/", "/a/b/", "/b/"]),
        ("urlpatterns = i18n_patterns(path('a/', v))", "LANGUAGE_CODE = 'pt-BR'\n",
         ["/pt-br/a/"]),
        ("urlpatterns = i18n_patterns(path('a/', v), prefix_default_language=False)", "", ["/a/"]),
        ("urlpatterns = [path(_('a/'), v)]", "", ["/a/"]),
        ("not python", "", []),
    ],
)  # fmt: skip
def test_literal_paths(detected: Detected, urls: str, settings: str, paths: list[str]) -> None:
    files = {
        "shop/urls.py": urls + "\n",
        "blog/__init__.py": "",
        "blog/urls.py": "urlpatterns = [path('', v), path('post/', v)]\n",
    }
    assert [fact.value for fact in detected(files, settings).urls] == paths


def test_each_path_has_its_place(detected: Detected) -> None:
    found = detected({"shop/urls.py": "urlpatterns = [\n    path('a/', v),\n]\n"}).urls
    assert [str(fact.evidence[0].location) for fact in found] == ["shop/urls.py:2"]


MIDDLEWARE = (
    "class HealthCheck:\n    def __call__(self, request):\n"
    "        if request.path == '/healthy':\n            return ok\n"
    "        if request.path_info in ['/ready']:\n            return ok\n"
)


@pytest.mark.parametrize(
    ("files", "settings", "paths"),
    [
        ({"shop/urls.py": "urlpatterns = [path('healthz/', v), path('wealth/', v)]\n"}, "",
         ["/healthz/"]),
        ({"shop/urls.py": "urlpatterns = [path('ht/', include('health_check.urls'))]\n"}, "",
         ["/ht/"]),
        ({"shop/urls.py": "urlpatterns = [path('w/', include('watchman.urls'))]\n"}, "", ["/w/"]),
        ({"shop/urls.py": "urlpatterns = [path('api/health/', v)]\n"}, "", ["/api/health/"]),
        ({"shop/urls.py": "urlpatterns = [path('health-insurance/', v)]\n"}, "", []),
        ({"shop/healthchecks.py": MIDDLEWARE}, "MIDDLEWARE = ['shop.healthchecks.HealthCheck']\n",
         ["/healthy", "/ready"]),
        ({"shop/healthchecks.py": MIDDLEWARE}, "", []),
    ],
)  # fmt: skip
def test_health_endpoints(
    detected: Detected, files: dict[str, str], settings: str, paths: list[str]
) -> None:
    assert [fact.value for fact in detected(files, settings).health_endpoints] == paths
