"""Rules about APIs: spellings that are faults, and those that only look like it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from clean_site import found

from nuages.checks.finding import Finding

HEAD = """\
from django.contrib.auth import get_user_model
from rest_framework import generics, mixins, permissions, serializers, viewsets
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from library.loans.models import Loan
from library.loans.views import LoanSerializer

User = get_user_model()


"""


def api(rule: str, code: str, settings: str = "") -> list[Finding]:
    files: Mapping[str, str] = {"library/loans/api.py": HEAD + code, "settings.py": settings}
    return found(rule, files, base="split")


OPEN = """\
class Desk({bases}):
    queryset = Loan.objects.all()
    permission_classes = {permissions}
"""


@pytest.mark.parametrize(
    "bases",
    [
        "viewsets.ModelViewSet",
        "generics.RetrieveUpdateDestroyAPIView",
        "mixins.DestroyModelMixin, viewsets.GenericViewSet",
    ],
)
@pytest.mark.parametrize("permissions", ["[AllowAny]", "(permissions.AllowAny,)", "[]", "()"])
def test_each_way_to_leave_a_view_open_is_found(bases: str, permissions: str) -> None:
    (finding,) = api("API002", OPEN.format(bases=bases, permissions=permissions))
    assert finding.location.line == 13


@pytest.mark.parametrize(
    ("bases", "more"),
    [
        ("viewsets.ReadOnlyModelViewSet", ""),
        ("generics.CreateAPIView", ""),
        ("viewsets.ModelViewSet", "    http_method_names = ['get', 'post']\n"),
        ("viewsets.ModelViewSet", "    def get_permissions(self):\n        return some()\n"),
        ("viewsets.ModelViewSet", "    def update(self): ...\n    def destroy(self): ...\n"),
        ("Unknown, viewsets.ModelViewSet", ""),
    ],
)
def test_an_open_view_that_changes_nothing_for_certain_is_let_be(bases: str, more: str) -> None:
    assert not api("API002", OPEN.format(bases=bases, permissions="[AllowAny]") + more)


def test_a_viewset_of_another_library_is_none_of_ours() -> None:
    code = "from wagtail.admin.viewsets.model import ModelViewSet\n\n" + OPEN.format(
        bases="ModelViewSet", permissions="[]"
    )
    assert not found("API002", {"library/loans/hooks.py": code}, base="split")


def test_a_view_inherits_its_permissions_from_an_own_base() -> None:
    code = (
        "class Closed:\n    permission_classes = [IsAuthenticated]\n\n\n"
        "class Desk(Closed, viewsets.ModelViewSet):\n    queryset = Loan.objects.all()\n"
    )
    nothing = "REST_FRAMEWORK = {**REST_FRAMEWORK, 'DEFAULT_PERMISSION_CLASSES': []}"
    assert not api("API002", code, nothing)
    assert api("API002", code.replace("(Closed, ", "("), nothing)


def test_functions_that_ask_nobody() -> None:
    view = '@api_view(["DELETE"])\n@permission_classes([AllowAny])\ndef close(request):\n    {}\n'
    assert api("API002", view.format("Loan.objects.all().delete()"))
    assert not api("API002", view.format("request.user.loans.all().delete()"))


def test_the_default_matters_only_where_a_view_relies_on_it() -> None:
    unset = (
        "REST_FRAMEWORK = {k: v for k, v in REST_FRAMEWORK.items() "
        "if k != 'DEFAULT_PERMISSION_CLASSES'}"
    )
    assert not api("API001", "", unset)
    (finding,) = api("API001", "class Desk(viewsets.ModelViewSet):\n    queryset = 1\n", unset)
    assert (finding.severity, "Desk" in finding.message) == ("error", True)


@pytest.mark.parametrize("model", ["User", "get_user_model()"])
def test_accounts_by_any_name(model: str) -> None:
    code = (
        "class Accounts(viewsets.ReadOnlyModelViewSet):\n"
        f"    queryset = {model}.objects.order_by('pk'){{rest}}\n"
    )
    (finding,) = api("API004", code.format(rest=""))
    assert finding.severity == "warning"
    assert not api("API004", code.format(rest=".filter(is_active=True)"))


def test_a_filter_back_end_may_leave_only_ones_own_rows() -> None:
    code = OPEN.format(bases="viewsets.ModelViewSet", permissions="[IsAuthenticated]").replace(
        "Loan", "User"
    )
    assert api("API004", code)
    assert not api("API004", code + "    filter_backends = [OwnRows]\n")


SERIALIZER = """\
class Account(serializers.ModelSerializer):
    {declared}

    class Meta:
        model = User
        fields = ("username", {field!r})
        {more}


class Me(generics.RetrieveUpdateAPIView):
    serializer_class = Account

    def get_object(self):
        return self.request.user
"""


@pytest.mark.parametrize(
    ("declared", "more"),
    [
        ("", "read_only_fields = fields"),
        ("is_staff = serializers.BooleanField(read_only=True)", ""),
        ("is_staff = serializers.SerializerMethodField()", ""),
        ("", "extra_kwargs = dict(is_staff=dict(read_only=True))"),
    ],
)
def test_flags_that_cannot_be_written(declared: str, more: str) -> None:
    code = SERIALIZER.format(declared=declared or "pass", field="is_staff", more=more)
    assert not api("API009", code)
    assert api("API009", SERIALIZER.format(declared="pass", field="is_staff", more=""))


def test_write_only_fields_is_no_protection() -> None:
    code = SERIALIZER.format(
        declared="pass", field="password", more='write_only_fields = ["password"]'
    )
    assert api("API010", code)
    declared = "password = serializers.CharField(write_only=True)"
    assert not api("API010", SERIALIZER.format(declared=declared, field="password", more=""))


def test_a_password_that_something_hashes() -> None:
    code = SERIALIZER.format(declared="pass", field="password", more="")
    assert api("API011", code)
    hashing = "\n    def perform_update(self, serializer):\n        make_password('')\n"
    assert not api("API011", code + hashing)


def test_rates_of_own_throttles() -> None:
    code = (
        "from rest_framework.throttling import ScopedRateThrottle, UserRateThrottle\n\n\n"
        "class Burst(UserRateThrottle):\n    scope = 'burst'\n    {rate}\n\n\n"
        "class Desk(generics.ListAPIView):\n    throttle_classes = [Burst]\n"
    )
    (finding,) = api("API014", code.format(rate="pass"))
    assert "'burst'" in finding.message
    assert not api("API014", code.format(rate="rate = '5/min'"))


def test_a_page_size_without_a_class_and_the_reverse() -> None:
    change = "REST_FRAMEWORK = {{**REST_FRAMEWORK, {}}}"
    assert api("API017", "", change.format("'DEFAULT_PAGINATION_CLASS': None"))
    assert api("API017", "", change.format("'PAGE_SIZE': None"))
    own = "'DEFAULT_PAGINATION_CLASS': 'library.pages.Pages', 'PAGE_SIZE': None"
    assert not api("API017", "", change.format(own))


def test_a_dummy_cache_never_throttles() -> None:
    settings = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}"
    assert not api("API016", "", settings)
    assert api("API016", "", "# no CACHES")


def test_a_throttled_token_view_is_not_the_open_one() -> None:
    urls = "from rest_framework_simplejwt.views import TokenObtainPairView\n{}"
    route = "urlpatterns = [path('token/', TokenObtainPairView.as_view())]"
    assert not found("API015", {"library/urls.py": urls.format(route)}, base="split")
    unset = "REST_FRAMEWORK = {**REST_FRAMEWORK, 'DEFAULT_THROTTLE_CLASSES': []}"
    files = {"library/urls.py": urls.format(route), "settings.py": unset}
    assert found("API015", files, base="split")


def test_graphiql_only_in_debug() -> None:
    code = "urls = [GraphQLView.as_view(graphiql={})]"
    assert not found("API023", {"library/urls.py": code.format("settings.DEBUG")}, base="split")
    assert found("API023", {"library/urls.py": code.format("True")}, base="split")


def test_a_router_of_ninja_with_auth_guards_its_operations() -> None:
    code = (
        "from ninja import NinjaAPI, Router\napi = NinjaAPI()\nrouter = Router({})\n\n\n"
        "@router.put('/loans/{{n}}')\ndef change(request, n: int):\n    pass\n"
    )
    assert found("API025", {"library/api.py": code.format("")}, base="split")
    assert not found("API025", {"library/api.py": code.format("auth=key")}, base="split")


def test_a_schema_that_is_open_by_decision() -> None:
    urls = (
        "from django.urls import path\nfrom drf_spectacular.views import SpectacularAPIView\n"
        "urlpatterns = [path('schema/', SpectacularAPIView.as_view())]\n"
    )
    files = {"library/urls.py": urls}
    assert len(found("API026", files, base="split")) == 1
    who = "SPECTACULAR_SETTINGS = {'SERVE_PERMISSIONS': ['rest_framework.permissions.AllowAny']}"
    assert found("API026", {**files, "settings.py": who}, base="split") == []


def test_a_method_that_permits_everything() -> None:
    code = OPEN.format(bases="viewsets.ModelViewSet", permissions="[IsAuthenticated]")
    method = "    def get_permissions(self):\n        return [{}()]\n"
    assert api("API002", code + method.format("AllowAny"))
    assert not api("API002", code + method.format("IsAuthenticated"))
