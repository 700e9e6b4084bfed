"""Records that were written under the hash chain get their leaves when the ledger comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing import site

_OLD = """
    INSERT INTO trust_auditrecord (at, kind, name, result, actor_name, case_id, party_kind, party_name, assurance, channel,
        address, correlation_id, subject_type, subject_id, purpose, division, detail, content_hash)
    SELECT now(), 'act', 'act-' || n, 'done', '李四', gen_random_uuid(), '', '', 3, 'web', '10.0.0.8', '', '', '', '核对',
        '36.3607', '{"n": 1.0, "list": ["甲"]}', decode(repeat('00', 32), 'hex') FROM generate_series(1, 1200) AS n
"""
_SEALED = "UPDATE trust_auditrecord SET sequence_no = id, chain_hash = content_hash WHERE id <= 500"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_ring")
def test_records_of_the_hash_chain_become_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_arguments: Any, **_options: Any) -> None:
        """Leave the database empty, so that it can be migrated step by step."""

    monkeypatch.setattr(site, "call_command", nothing)
    with site.database_of_its_own("trust_migration"):
        call_command("migrate", "trust", "0001", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(_OLD)
            cursor.execute(_SEALED)
        call_command("migrate", "trust", verbosity=0)
        assert ledger.sequence() == 1200
        report = verify_ledger()
        assert (report.finding, report.size) == (None, 1200)
        assert ledger.evidence_of_record(AuditRecord.objects.get(name="act-7"))
