"""The offline verifier: it says yes to what is true, and no to anything changed, without our code."""

from __future__ import annotations

import ast
import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import gmssl_fast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.ledger import tree
from tools import verify_evidence
from tools.verify_evidence import find_sm3, main, root_of, sm2_valid

TOOL = Path(verify_evidence.__file__)
DOCUMENT = b"OFD" * 100


@pytest.fixture
def evidence(db: None) -> dict[str, Any]:
    """Evidence of a document's digest."""
    for n in range(5):
        ledger.append("trial.other", str(n), {"n": n})
    entry = ledger.append("documents.licence_issued", "L-1", {"digest": provider().sm3(DOCUMENT).hex()})
    ledger.append("trial.other", "last", {})
    ledger.sequence()
    found = ledger.evidence(entry.id)
    assert found is not None
    return found.model_dump()


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the verifier over evidence; return its exit status and report."""

    def run(found: Any, *arguments: str, document: bytes | None = None) -> tuple[int, str]:
        (tmp_path / "evidence.json").write_text(json.dumps(found) if not isinstance(found, str) else found)
        more = []
        if document is not None:
            (tmp_path / "document").write_bytes(document)
            more = ["--file", str(tmp_path / "document")]
        status = main([str(tmp_path / "evidence.json"), *more, *arguments])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def test_true_evidence_holds_and_says_what_it_proves(evidence: dict[str, Any], check: Any) -> None:
    status, told = check(evidence, document=DOCUMENT)
    assert (status, told.count("✔"), "全部成立" in told, "请与账本页面公布的比对" in told) == (0, 3, True, True)
    status, told = check(evidence, "--english", "--key", evidence["keys"][0])
    assert (status, "Everything holds" in told, "compare" in told) == (0, True, False)


def test_another_document_or_another_log_does_not_hold(evidence: dict[str, Any], check: Any) -> None:
    status, told = check(evidence, document=DOCUMENT + b" ")
    assert (status, "文件与记载的摘要不一致" in told, "不成立" in told) == (1, True, True)
    pair = gmssl_fast.SM2.generate()
    stranger = verify_evidence.Key("shuzheng.localhost/ledger", verify_evidence.LOG, bytes.fromhex(pair.public_key_hex))
    raw = base64.b64encode(stranger.type + stranger.public).decode()
    status, told = check(evidence, "--key", f"{stranger.name}+{stranger.id.hex()}+{raw}")
    assert (status, "签名无效" in told) == (1, True)


@pytest.mark.parametrize("part", ["leaf", "index", "proof", "checkpoint", "keys"])
def test_nothing_in_it_can_be_changed(evidence: dict[str, Any], check: Any, part: str) -> None:
    key = evidence["keys"][0]
    changed = {
        "leaf": evidence["leaf"].replace("L-1", "L-2"),
        "index": evidence["index"] + 1,
        "proof": evidence["proof"][:-1],
        "checkpoint": evidence["checkpoint"].replace("\ntime ", "\ntime 9"),
        "keys": [],
    }
    status, told = (
        check({**evidence, part: changed[part]}, "--key", key) if part != "keys" else check({**evidence, part: []})
    )
    assert (status, "✘" in told) == (1, True)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": "shuzheng-evidence/1"}', "[" * 5000, "\x00"])
def test_what_is_no_evidence_is_told_apart(check: Any, text: str) -> None:
    assert check(text)[0] == 2


def test_it_runs_alone_without_our_code(evidence: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(json.dumps(evidence))
    (tmp_path / "verify.py").write_bytes(TOOL.read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "e.json"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "全部成立" in done.stdout) == (0, True), done.stderr
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(TOOL.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=200), flip=st.integers(0, 511))
def test_its_sm2_agrees_with_gmssl_and_sees_every_flipped_bit(data: bytes, flip: int) -> None:
    pair, sm3 = provider().sm2_generate(), find_sm3()
    signature = provider().sm2_sign(pair.private, data)
    assert sm2_valid(sm3, pair.public, data, signature)
    broken = bytearray(signature)
    broken[flip // 8] ^= 1 << flip % 8
    assert not sm2_valid(sm3, pair.public, data, bytes(broken))
    assert not sm2_valid(sm3, pair.public, data + b"x", signature)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 70), data=st.data())
def test_its_proofs_are_those_of_the_ledger(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    ours, leaves = tree.Hasher(provider().sm3), [bytes([n]) for n in range(size)]
    hashes = [ours.leaf(leaf) for leaf in leaves]
    proof = [tree.root(ours, hashes[start:end]) for start, end in tree.path(index, index + 1, size)]
    assert root_of(find_sm3(), leaves[index], index, size, proof) == tree.root(ours, hashes)
