"""Signing in: one answer for every failure, a lock for all processes, sessions that end when they must."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt as mfa_encrypt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shuzheng.engines.identity.actions import EndSessions, LockAccount, UnlockAccount
from shuzheng.engines.identity.identifiers import find_account
from shuzheng.engines.identity.models import Account, AccountSession, Officer, Person, SignInFailure
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import PASSWORD, a_browser, a_resident, actor_of_officer, actor_of_person, an_officer

pytestmark = pytest.mark.django_db


def try_to(username: str, password: str) -> str:
    """Try to sign in and return the page, nothing when it worked."""
    response = Client().post("/accounts/login/", {"login": username, "password": password})
    return "" if response.status_code == 302 else response.content.decode()


def signed_in(browser: Client) -> bool:
    """Say whether a browser's session still opens the account page."""
    return browser.get("/identity/account").status_code == 200


def test_people_sign_in_by_user_name_mobile_or_id_number(daughter: Person) -> None:
    for typed in (daughter.account.username.upper(), daughter.mobile, daughter.id_number):
        assert try_to(typed, PASSWORD) == "", typed


def test_a_mobile_number_shared_in_a_family_signs_nobody_in(daughter: Person) -> None:
    a_resident("同号家人", mobile=daughter.mobile)
    assert find_account(daughter.mobile) is None


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(daughter: Person) -> None:
    wrong, unknown = try_to(daughter.account.username, "wrong"), try_to("nobody-here", "wrong")
    message = "用户名或密码不正确"
    assert message in wrong
    assert message in unknown


def test_five_failures_suspend_even_the_right_password_and_time_heals(daughter: Person) -> None:
    username = daughter.account.username
    for _ in range(5):
        assert "不正确" in try_to(username, "wrong")
    assert "暂停登录 15 分钟" in try_to(username, PASSWORD)
    assert "暂停登录 15 分钟" in try_to(daughter.mobile, PASSWORD), "another name of the same account is locked too"
    with at(now() + timedelta(minutes=16)):
        assert try_to(username, PASSWORD) == ""


def test_an_unknown_name_is_suspended_like_a_known_one(db: None) -> None:
    for _ in range(5):
        try_to("nobody-here", "wrong")
    assert "暂停登录" in try_to("nobody-here", "wrong")


def test_a_success_forgets_the_failures(daughter: Person) -> None:
    for _ in range(4):
        try_to(daughter.account.username, "wrong")
    assert try_to(daughter.account.username, PASSWORD) == ""
    assert not SignInFailure.objects.exists()


def test_signing_in_and_out_and_failures_are_audited_without_what_was_typed(daughter: Person) -> None:
    try_to(daughter.account.username, "secret-that-was-wrong")
    browser = a_browser(daughter.account)
    browser.post("/accounts/logout/")
    assert not signed_in(browser)
    records = list(AuditRecord.objects.filter(kind="sign-in").order_by("id"))
    assert [(r.name, r.result) for r in records] == [
        ("identity.sign_in", "failed"),
        ("identity.sign_in", "done"),
        ("identity.sign_out", "done"),
    ]
    assert all("secret-that-was-wrong" not in str(vars(record)) for record in records)


def test_changing_the_password_ends_the_other_sessions(daughter: Person) -> None:
    here, elsewhere = a_browser(daughter.account), a_browser(daughter.account)
    new = "chun-jiang-hua-yue-ye"
    response = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert response.status_code == 302
    assert signed_in(here)
    assert not signed_in(elsewhere)
    assert try_to(daughter.account.username, new) == ""


@pytest.mark.parametrize("poor", ["short", "password", "12345678", "李梅李梅李梅"])
def test_poor_passwords_are_refused(daughter: Person, poor: str) -> None:
    browser = a_browser(daughter.account)
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": poor, "password2": poor})
    assert try_to(daughter.account.username, PASSWORD) == ""


def test_a_password_may_not_contain_the_birthday(daughter: Person) -> None:
    browser = a_browser(daughter.account)
    poor = "x-19750520-y"
    page = browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": poor, "password2": poor})
    assert "密码不能包含" in page.content.decode()


def test_a_session_ends_after_half_an_hour_without_use(daughter: Person) -> None:
    browser = a_browser(daughter.account)
    with at(now() + timedelta(minutes=29)):
        assert signed_in(browser)
    with at(now() + timedelta(minutes=58)):
        assert signed_in(browser), "use prolongs it"
    with at(now() + timedelta(minutes=89)):
        assert not signed_in(browser)


def test_a_session_ends_after_twelve_hours_however_busy(daughter: Person) -> None:
    browser = a_browser(daughter.account)
    for step in range(1, 36):
        with at(now() + timedelta(minutes=20 * step)):
            assert signed_in(browser), step
    with at(now() + timedelta(hours=12, minutes=1)):
        assert not signed_in(browser)


def test_an_officers_fourth_session_ends_the_oldest(db: None) -> None:
    officer = an_officer()
    browsers = [a_browser(officer.account) for _ in range(4)]
    assert [signed_in(browser) for browser in browsers] == [False, True, True, True]


def test_people_see_and_end_their_own_sessions_only(daughter: Person, mother: Person) -> None:
    here, elsewhere = a_browser(daughter.account), a_browser(daughter.account)
    hers = a_browser(mother.account)
    page = here.get("/identity/sessions")
    assert page.content.decode().count("结束登录") == 1
    other = AccountSession.objects.exclude(session_key=here.session.session_key).get(account_id=daughter.account.pk)
    mothers = AccountSession.objects.get(account_id=mother.account.pk)
    here.post(f"/identity/sessions/{other.handle}/end")
    here.post(f"/identity/sessions/{mothers.handle}/end")
    assert signed_in(here)
    assert not signed_in(elsewhere)
    assert signed_in(hers)


def test_nobody_ends_anothers_sessions_without_managing_accounts(daughter: Person, mother: Person) -> None:
    with pytest.raises(NotPermitted):
        EndSessions.do(actor_of_person(daughter), account_id=mother.account.pk)


def test_a_locked_account_is_out_at_once_and_back_after_unlocking(daughter: Person, security: Officer) -> None:
    browser, account = a_browser(daughter.account), daughter.account
    LockAccount.do(actor_of_officer(security), account_id=account.pk, reason="疑似盗用")
    assert not signed_in(browser)
    assert "不正确" in try_to(account.username, PASSWORD)
    UnlockAccount.do(actor_of_officer(security), account_id=account.pk)
    assert try_to(account.username, PASSWORD) == ""


def test_nobody_locks_themselves_out(security: Officer) -> None:
    with pytest.raises(NotPermitted):
        LockAccount.do(actor_of_officer(security), account_id=security.account_id, reason="手滑")


def test_an_officer_without_a_second_factor_is_a_resident_and_is_told_why(settings: Settings) -> None:
    settings.SECOND_FACTOR = True
    officer = an_officer(posts=["acceptor"])
    browser = a_browser(officer.account)
    actor = browser.get("/identity/account").wsgi_request.actor
    assert not actor.is_officer
    assert not actor.grants
    assert actor.party is not None
    assert "双重验证" in browser.get("/identity/second-factor").content.decode()


def test_setting_up_a_second_factor_opens_the_office_here_and_ends_other_sessions(
    settings: Settings, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    settings.SECOND_FACTOR = True
    officer = an_officer(posts=["acceptor"])
    here, elsewhere = a_browser(officer.account), a_browser(officer.account)
    assert here.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "data:image/svg" in here.get("/accounts/2fa/totp/activate/").content.decode()
    secret = here.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):
        assert here.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert here.get("/identity/account").wsgi_request.actor.is_officer
    assert not signed_in(elsewhere)
    factor = Authenticator.objects.get(user=officer.account, type=Authenticator.Type.TOTP)
    assert secret not in str(factor.data), "the secret is stored encrypted"
    page = here.post("/accounts/2fa/totp/deactivate/").content.decode()
    assert "必须保留一种双重验证方式" in page


def test_confirming_the_password_often_does_not_lock_the_account(daughter: Person, daughters_browser: Client) -> None:
    for _ in range(7):
        assert daughters_browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert not SignInFailure.objects.exists()


def test_guessing_the_second_factor_is_suspended(daughter: Person) -> None:
    Authenticator.objects.create(
        user=daughter.account, type=Authenticator.Type.TOTP, data={"secret": mfa_encrypt("JBSWY3DPEHPK3PXP")}
    )
    browser = Client()
    browser.post("/accounts/login/", {"login": daughter.account.username, "password": PASSWORD})
    for _ in range(4):
        assert "验证码不正确" in browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "暂停登录" in browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert not signed_in(browser)


@pytest.mark.parametrize(
    "page", ["logout/", "password/change/", "2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "password/reset/"]
)
def test_the_pages_of_accounts_are_ours(daughter: Person, daughters_browser: Client, page: str) -> None:
    daughters_browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    response = daughters_browser.get(f"/accounts/{page}", follow=True)
    assert response.status_code == 200
    assert "ui/tokens.css" in response.content.decode()


def test_recovery_codes_that_do_not_exist_are_not_found_rather_than_a_failure(daughters_browser: Client) -> None:
    daughters_browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert daughters_browser.get("/accounts/2fa/recovery-codes/").status_code == 404


def test_the_sign_in_page_is_ours(db: None) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "用户名、手机号或身份证号" in page
    assert "通行密钥" in page


def test_the_api_tells_who_i_am(daughter: Person, daughters_browser: Client) -> None:
    answer = daughters_browser.get("/api/identity/me").json()
    assert (answer["name"], answer["acting_for"]["key"], answer["permissions"]) == (daughter.name, "self", {})
    assert Client().get("/api/identity/me").status_code == 401


def test_an_account_with_a_second_factor_is_asked_for_it(daughter: Person) -> None:
    Authenticator.objects.create(user=daughter.account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    browser = Client()
    response = browser.post("/accounts/login/", {"login": daughter.account.username, "password": PASSWORD})
    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(browser)
    assert "验证码" in browser.get("/accounts/2fa/authenticate/").content.decode()


def test_a_one_time_code_is_taken_once_and_every_process_can_know(daughter: Person) -> None:
    secret = totp.generate_totp_secret()
    data = {"secret": mfa_encrypt(secret)}
    Authenticator.objects.create(user=daughter.account, type=Authenticator.Type.TOTP, data=data)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    taken = []
    for browser in (Client(), Client()):
        browser.post("/accounts/login/", {"login": daughter.account.username, "password": PASSWORD})
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        taken.append(signed_in(browser))
    assert taken == [True, False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_cache")
        assert cursor.fetchone() == (1,)


def test_session_account_and_actor_cost_one_statement(daughters_browser: Client) -> None:
    daughters_browser.get("/identity/second-factor")
    with CaptureQueriesContext(connection) as captured:
        daughters_browser.get("/identity/second-factor")
    tables = [re.search(r'FROM "(identity_\w+)"', query["sql"]) for query in captured]
    assert [table[1] for table in tables if table] == ["identity_accountsession"]
    assert 'LEFT JOIN "identity_account"' in captured[0]["sql"]


def test_a_visitor_costs_no_statement_at_all(db: None, django_assert_num_queries: Callable[[int], Any]) -> None:
    browser = Client()
    browser.get("/identity/register")
    with django_assert_num_queries(0):
        browser.get("/identity/register")


def test_user_names_differ_in_more_than_case(db: None) -> None:
    Account.objects.create(username="lihua")
    assert Account.objects.get_by_natural_key("LiHua").username == "lihua"
