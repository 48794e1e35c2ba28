from __future__ import annotations

from nuages.local import proof
from nuages.local.proof import Check, Proof, Response

HTML = {"content-type": "text/html; charset=utf-8"}
CSS = {"content-type": "text/css"}
STYLED = '<title>Home</title><link rel="stylesheet" href="/s.css">'


def answer(path: str, status: int, text: str = "", headers: dict[str, str] = HTML) -> Response:
    return Response(f"https://localhost:8000{path}", status, headers, text)


def test_a_page_passes_and_says_its_title() -> None:
    check = proof.page([answer("/", 200, STYLED)])
    assert check.passed
    assert check.detail == "/ 200, “Home”"


def test_an_error_on_any_page_fails_whatever_others_say() -> None:
    check = proof.page([answer("/", 200, STYLED), answer("/about/", 500)])
    assert not check.passed
    assert check.detail == "/about/ answers 500"


def test_no_answer_at_all_fails() -> None:
    check = proof.page([Response("https://localhost:8000/", 0, {}, "ConnectError: refused")])
    assert not check.passed
    assert "refused" in check.detail


def test_a_site_may_have_no_pages_but_the_admins() -> None:
    admin = answer("/admin/login/", 200, STYLED)
    assert proof.page([answer("/", 404)], admin).passed
    assert not proof.page([answer("/", 404), answer("/shop/", 500)], admin).passed
    assert not proof.page([answer("/", 404)], answer("/admin/login/", 200, "")).passed


def test_only_missing_pages_fail() -> None:
    assert not proof.page([answer("/", 404)]).passed
    assert not proof.page([]).passed


def test_an_api_is_said_to_be_one() -> None:
    check = proof.page([answer("/api/", 200, "{}", {"content-type": "application/json"})])
    assert check.passed
    assert "JSON" in check.detail


def test_the_styled_page_is_the_best_of_those_tried() -> None:
    tried = [answer("/", 404), answer("/plain/", 200, "<p>"), answer("/styled/", 200, STYLED)]
    assert min(tried, key=proof.rank).path == "/styled/"


def test_a_style_sheet_must_be_there_be_css_and_hold_something() -> None:
    good = answer("/s.css", 200, "body {}", CSS)
    assert proof.style("style sheet", 1, [good], []).outcome == "proved"
    assert not proof.style("style sheet", 2, [good, answer("/t.css", 404)], []).passed
    assert not proof.style("style sheet", 1, [answer("/s.css", 200, "body {}", HTML)], []).passed
    assert not proof.style("style sheet", 1, [answer("/s.css", 200, " ", CSS)], []).passed


def test_a_name_that_no_file_could_answer_is_told_beside_a_style_sheet_that_arrives() -> None:
    good, dead = answer("/s.css", 200, "body {}", CSS), answer("/gone.css", 404)
    told = proof.style("style sheet", 2, [good, dead], [], nowhere=["/gone.css"])
    assert told.outcome == "proved"
    assert "/gone.css is named, and the project has no such file" in told.detail
    lost = answer("/lost.css", 404)
    assert not proof.style("s", 3, [good, dead, lost], [], nowhere=["/gone.css"]).passed
    assert not proof.style("s", 1, [dead], [], nowhere=["/gone.css"]).passed
    broken = answer("/gone.css", 500)
    assert not proof.style("s", 2, [good, broken], [], nowhere=["/gone.css"]).passed


def test_style_sheets_of_others_are_not_ours_to_prove() -> None:
    check = proof.style("style sheet", 1, [], ["https://cdn.example.org/x.css"])
    assert check.passed
    assert check.outcome == "not-applicable"
    assert not Proof((check,)).styled


def test_the_admins_own_style_sheets_must_be_here() -> None:
    assert not proof.style(
        "admin style sheet", 1, [], ["https://b.example.org/a.css"], ours=True
    ).passed


def test_a_login_that_fails_csrf_is_named() -> None:
    before = answer("/admin/login/", 200)
    refused = answer("/admin/login/", 403, "CSRF verification failed.")
    assert proof.login("log in", before, refused, session=False).detail.endswith("fails CSRF")
    assert not proof.login("log in", before, answer("/admin/login/", 200), session=False).passed
    assert proof.login("log in", before, answer("/admin/", 302), session=True).passed


FORM = "<form method=post><input name=username><input type=password name=password></form>"


def test_the_form_again_is_no_login_whatever_cookie_comes_with_it() -> None:
    before, after = answer("/admin/login/", 200, FORM), answer("/admin/login/", 200, FORM)
    assert not proof.login("log in", before, after, session=True).passed


def test_back_ends_of_the_project_may_refuse_but_not_break() -> None:
    before, own = answer("/admin/login/", 200, FORM), ("shop.auth.CardBackend",)
    for status in (200, 401, 403, 429):
        refused = proof.login("log in", before, answer("/", status, FORM), False, own)
        assert (refused.passed, refused.outcome) == (True, "not-applicable")
        assert "shop.auth.CardBackend" in refused.detail
    assert not proof.login("log in", before, answer("/", 500), False, own).passed
    csrf = answer("/", 403, "CSRF verification failed.")
    assert not proof.login("log in", before, csrf, False, own).passed
    assert proof.login("log in", before, answer("/admin/", 302), True, own).outcome == "proved"


def test_health_under_an_address_is_200_and_not_a_redirect() -> None:
    assert proof.health("/health/", answer("/health/", 200)).passed
    assert not proof.health("/health/", answer("/health/", 301)).passed
    assert not proof.health("/health/", answer("/health/", 503, '{"status": "error"}')).passed


def test_a_foreign_host_is_refused() -> None:
    assert proof.foreign(answer("/", 400)).outcome == "proved"
    assert proof.foreign(answer("/", 403)).outcome == "proved"
    assert not proof.foreign(answer("/", 200)).passed
    assert not proof.foreign(answer("/", 302)).passed
    assert not proof.foreign(answer("/", 0)).passed


def test_a_foreign_host_that_meets_an_error_is_refused_but_not_proved() -> None:
    found = proof.foreign(answer("/", 500))
    assert (found.passed, found.outcome) == (True, "not-applicable")


def test_a_foreign_host_matters_not_where_nothing_asks_for_it() -> None:
    found = proof.foreign(answer("/", 200), asks=False)
    assert (found.passed, found.outcome) == (True, "not-applicable")


def test_a_step_that_failed_explains_a_missing_style_sheet() -> None:
    failed = [Check("style sheet", False, "/static/x.css answers 404", "failed")]
    told = proof.judged(failed, "", ["`tailwind build` failed"])
    assert "tailwind" in told.advice
    assert told.reason == "step-failed"
    page = [Check("page", False, "/ answers 500", "failed")]
    assert proof.judged(page, "", ["`tailwind build` failed"]).advice == ""


def test_a_proof_without_checks_proves_nothing() -> None:
    assert not Proof(()).passed


def test_advice_is_the_likely_cause() -> None:
    failed = [Check("page", False, "/ answers 500", "failed")]
    log = "ValueError: Missing staticfiles manifest entry for 'x.css'"
    told = proof.judged(failed, log)
    assert "x.css" in told.advice
    assert told.reason == "manifest-entry"
    assert proof.judged([proof.yes("page", "")], log) == Proof((proof.yes("page", ""),))
    own = proof.judged(failed, "shop.errors.OutOfTeaError: none left")
    assert own.advice.endswith("none left")
    assert not own.reason


def test_an_earlier_line_of_the_log_does_not_explain_a_missing_style_sheet() -> None:
    failed = [Check("style sheet", False, "/s.css answers 404", "failed")]
    assert not proof.judged(failed, "ModuleNotFoundError: No module named 'x'").advice


def test_an_admin_whose_login_is_somewhere_else_is_not_missed() -> None:
    away = Response("https://login.example.org/oauth", 302, {}, proof.ELSEWHERE)
    found = proof.admin(away)
    assert found.passed
    assert found.outcome == "not-applicable"
    assert "login.example.org" in found.detail
    assert not proof.admin(Response("http://localhost/login", 302, {}, "")).passed


def test_an_admin_that_the_site_hides_is_not_missed() -> None:
    assert proof.admin(answer("/admin/", 404)).outcome == "not-applicable"
    assert not proof.admin(answer("/admin/", 500)).passed
