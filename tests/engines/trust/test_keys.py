"""Master keys: made once, kept from others' eyes, rotated without losing what they sealed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.trust.crypto import DecryptionFailed, KeyRing, blind_index, key_id_of, open_sealed, seal
from shuzheng.engines.trust.crypto.keys import KeyProblem, MasterKeyRing, UnknownKey

CONTEXT = "identity.person.mobile"


def test_the_first_use_makes_a_key_that_only_its_owner_can_read(own_ring: KeyRing, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "master.keys"
    assert own_ring.current() == "k1"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: MasterKeyRing(), range(24)))
    assert len({ring.key("x", "k1") for ring in rings}) == 1
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["master.keys"]


def test_a_key_that_others_can_read_is_refused_with_the_remedy(own_ring: KeyRing, tmp_path: Path) -> None:
    (tmp_path / "keys" / "master.keys").chmod(0o644)
    with pytest.raises(KeyProblem, match="chmod 600"):
        MasterKeyRing()


@pytest.mark.parametrize("text", ["", "k1 abc", "k1", f"k1 {'0' * 64}\nk1 {'1' * 64}", f"../k {'0' * 64}"])
def test_a_damaged_ring_is_refused_and_left_as_it_is(own_ring: KeyRing, tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys" / "master.keys"
    file.write_text(text)
    with pytest.raises(KeyProblem, match=r"master\.keys"):
        MasterKeyRing()
    assert file.read_text() == text


def test_keys_from_the_environment_leave_nothing_on_disk_and_are_not_rotated_here(
    tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    settings.SHUZHENG_MASTER_KEY = f"k1 {'0' * 64}, k2 {'1' * 64}"
    ring = MasterKeyRing()
    assert ring.current() == "k2"
    assert ring.key("x", "k1") != ring.key("x", "k2")
    with pytest.raises(KeyProblem, match="SHUZHENG_MASTER_KEY"):
        ring.rotate()
    assert not list(tmp_path.iterdir())


def test_what_an_older_key_sealed_opens_after_rotation_and_new_text_uses_the_new_key(own_ring: KeyRing) -> None:
    old = seal("13812341234", CONTEXT)
    assert own_ring.rotate() == "k2"
    new = seal("13812341234", CONTEXT)
    assert [key_id_of(old), key_id_of(new)] == ["k1", "k2"]
    assert open_sealed(old, CONTEXT) == open_sealed(new, CONTEXT) == "13812341234"


def test_a_process_that_did_not_rotate_finds_the_new_key_in_the_file(own_ring: KeyRing) -> None:
    bystander = MasterKeyRing()
    own_ring.rotate()
    assert bystander.current() == "k1"
    assert bystander.key("x", "k2") == own_ring.key("x", "k2")


def test_an_interrupted_rotation_is_not_written_over(own_ring: KeyRing, tmp_path: Path) -> None:
    (tmp_path / "keys" / "master.keys.rotation").touch()
    with pytest.raises(KeyProblem, match="under way"):
        own_ring.rotate()
    assert MasterKeyRing().current() == "k1"


def test_a_blind_index_survives_rotation(own_ring: KeyRing) -> None:
    before = blind_index("110101199003071234", CONTEXT)
    own_ring.rotate()
    assert blind_index("110101199003071234", CONTEXT) == before


def test_a_blind_index_does_not_mind_width_case_and_blanks_but_purpose(own_ring: KeyRing) -> None:
    plain = blind_index("11010119900307123X", CONTEXT)
    assert blind_index(" 110101 19900307 123x ", CONTEXT) == plain
    assert blind_index("１１０１０１１９９００３０７１２３Ｘ", CONTEXT) == plain
    assert blind_index("11010119900307123X", "identity.person.id_number") != plain
    assert blind_index("110101199003071230", CONTEXT) != plain
    assert len(bytes.fromhex(plain)) == 32


def test_sealed_text_differs_every_time_and_opens_only_in_its_context(own_ring: KeyRing) -> None:
    one, other = seal("赣州", CONTEXT), seal("赣州", CONTEXT)
    assert one != other
    with pytest.raises(DecryptionFailed):
        open_sealed(one, "identity.person.address")


@pytest.mark.parametrize("damage", ["", "k1", "k1.", "k1.AAAA", "k1.没有", "k1.!!!!"])
def test_damaged_sealed_text_is_refused(own_ring: KeyRing, damage: str) -> None:
    with pytest.raises(DecryptionFailed):
        open_sealed(damage, CONTEXT)


def test_text_under_a_key_that_is_gone_says_which(own_ring: KeyRing) -> None:
    with pytest.raises(UnknownKey, match="k9"):
        open_sealed("k9." + seal("x", CONTEXT).partition(".")[2], CONTEXT)


def test_master_keys_are_random(own_ring: KeyRing, tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path / "other"
    assert MasterKeyRing().key("x", "k1") != own_ring.key("x", "k1")
