"""Fixtures of the documents' tests: an account, a client signed in, a storage of one's own, sample files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.actor import Actor
from tests.engines.documents.samples import PDF, Incoming


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A storage of this test's own, and no scanner unless the test wants one."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"
    settings.FILE_LIMIT = 1024 * 1024
    return tmp_path


@pytest.fixture
def account(db: None) -> Account:
    """Somebody with an account."""
    return Account.objects.create(username="zhang")


@pytest.fixture
def actor(account: Account) -> Actor:
    """That person, signed in."""
    return Actor(name="张三", account_id=account.pk, assurance=3)


@pytest.fixture
def stranger(db: None) -> Actor:
    """Somebody else, signed in."""
    return Actor(name="李四", account_id=Account.objects.create(username="li").pk, assurance=3)


@pytest.fixture
def browser(client: Client, account: Account) -> Client:
    """A browser in which the person has signed in."""
    client.force_login(account)
    return client


@pytest.fixture
def store(actor: Actor) -> Callable[..., StoredFile]:
    """Hand in a file with a plain form."""
    from shuzheng.engines.documents.receiving import receive

    def hand_in(name: str = "证明.pdf", content: bytes = PDF, by: Actor = actor) -> StoredFile:
        return receive(by, Incoming(name, content))

    return hand_in
