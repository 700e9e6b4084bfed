"""Packs: read, checked, compared and loaded; every problem has its file, its line and a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.kernel import pack
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import NoDefinition, get
from shuzheng.kernel.models import DefinitionRecord, PackRelease
from shuzheng.kernel.publication import VersionTaken
from shuzheng.kernel.source import PackInvalid

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def a_pack(root: Path, code: str = "poems", *, version: str = "1.0.0", requires: str = "[]", **files: str) -> Path:
    """Write a pack; file names are given with ``__`` for slashes and without ``.yaml``."""
    folder = root / code
    folder.mkdir(parents=True, exist_ok=True)
    manifest = f"code: {code}\ntitle: 诗\nversion: {version}\neffective: 2026-01-01\nrequires: {requires}\n"
    (folder / "pack.yaml").write_text(manifest, "utf-8")
    for name, text in files.items():
        file = folder / f"{name.replace('__', '/')}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def verse(code: str = "verse", title: str = "静夜思", **fields: str) -> str:
    return "".join(f"{name}: {value}\n" for name, value in {"code": code, "title": title, **fields}.items())


def found(root: Path) -> list[tuple[str, int, str, str]]:
    """Return what is wrong below a folder, with file names instead of paths."""
    return [(Path(p.file).name, p.line, p.message, p.suggestion) for p in pack.check([root])]


def only(root: Path) -> tuple[str, int, str, str]:
    problems = found(root)
    assert len(problems) == 1, problems
    return problems[0]


class TestChecking:
    """Each way to break a pack is named with file and line."""

    def test_a_sound_pack_has_no_problems(self, tmp_path: Path) -> None:
        folder = a_pack(tmp_path, verses__a=verse(), couplets="- code: c\n  title: 对联\n")
        (folder / "README.md").write_text("诗")
        (folder / "trial-rows.csv").write_text("a\nb\n")
        assert found(tmp_path) == []

    @pytest.mark.parametrize(
        ("text", "line", "words", "suggestion"),
        [
            ("code: verse\ntitle: 诗\ntitel: 诗\n", 3, "titel：没有这一项", "您要写的是“title”吗？"),
            ("code: verse\n", 1, "title：这一项必须填写", ""),
            ("code: 诗 歌\ntitle: 诗\n", 1, "code：格式不对", ""),
            ("code: verse\ntitle: 诗\nlines: [a, b, c, d]\n", 3, "lines：最多 3 项", ""),
            ("code: verse\ntitle: 诗\nlines:\n  - a\n  - [b]\n", 5, "lines.1：", ""),
            ("code: verse\ntitle: 诗\ntitle: 歌\n", 3, "“title”写了两次", ""),
            ("code: verse\ntitle: [诗\n", 3, "不是有效的 YAML", ""),
            ("code: verse\ntitle: 诗\nwritten_on: 2026-02-30\n", 3, "“2026-02-30”不存在", ""),
            ("code: verse\ntitle: 诗\nfollows: nobody\n", 3, "没有“nobody”", "verse"),
            ("- just\n- a list\n", 1, "应当是“键: 值”的列表", ""),
            ("", 1, "应当是“键: 值”的列表", ""),
        ],
    )
    def test_a_broken_definition(self, tmp_path: Path, text: str, line: int, words: str, suggestion: str) -> None:
        a_pack(tmp_path, verses__a=text)
        file, at, message, hint = only(tmp_path)
        assert (file, at) == ("a.yaml", line)
        assert words in message
        assert suggestion in hint

    def test_a_list_names_the_line_of_its_broken_entry(self, tmp_path: Path) -> None:
        a_pack(tmp_path, couplets="- code: a\n  title: 联\n- code: b\n  titel: 联\n")
        assert [(file, line) for file, line, _message, _hint in found(tmp_path)] == [
            ("couplets.yaml", 3),
            ("couplets.yaml", 4),
        ]

    def test_a_key_declared_twice_names_the_first_place(self, tmp_path: Path) -> None:
        a_pack(tmp_path, verses__a=verse(), verses__b=verse(title="又一首"))
        file, line, message, _hint = only(tmp_path)
        assert (file, line) == ("b.yaml", 1)
        assert "verses/a.yaml:1" in message

    def test_a_file_that_nobody_reads(self, tmp_path: Path) -> None:
        a_pack(tmp_path, verse__a=verse())
        file, _line, message, hint = only(tmp_path)
        assert (file, message) == ("a.yaml", "没有哪个引擎读取这个文件")
        assert "请核对文件夹名" in hint

    def test_a_file_in_another_encoding(self, tmp_path: Path) -> None:
        folder = a_pack(tmp_path, verses__a="")
        (folder / "verses/a.yaml").write_bytes(verse().encode("gb18030"))
        file, line, message, hint = only(tmp_path)
        assert (file, line, message, hint) == ("a.yaml", 1, "文件不是 UTF-8 编码", "请另存为 UTF-8")

    def test_facts_with_a_broken_row(self, tmp_path: Path) -> None:
        folder = a_pack(tmp_path)
        (folder / "trial-rows.csv").write_text("a\n\nb\n")
        assert only(tmp_path) == ("trial-rows.csv", 2, "空行", "")

    def test_a_required_pack_that_is_not_there_is_named_with_the_nearest(self, tmp_path: Path) -> None:
        a_pack(tmp_path, "poems", requires="[base, verss]")
        a_pack(tmp_path, "verse")
        messages = [(line, message, hint) for _file, line, message, hint in found(tmp_path)]
        assert messages == [(5, "依赖的包“base”不存在", ""), (5, "依赖的包“verss”不存在", "您要写的是“verse”吗？")]

    @pytest.mark.parametrize("length", [1, 2, 3])
    def test_packs_that_require_each_other_in_a_circle(self, tmp_path: Path, length: int) -> None:
        for number in range(length):
            a_pack(tmp_path, f"p{number}", requires=f"[p{(number + 1) % length}]")
        problems = found(tmp_path)
        assert [(file, line) for file, line, _message, _hint in problems] == [("pack.yaml", 5)] * length
        assert all("循环依赖" in message for _file, _line, message, _hint in problems)

    def test_one_code_for_two_packs(self, tmp_path: Path) -> None:
        a_pack(tmp_path / "one", "poems")
        a_pack(tmp_path / "two", "poems")
        file, line, message, _hint = only(tmp_path)
        assert (file, line) == ("pack.yaml", 1)
        assert "声明过" in message

    def test_a_manifest_with_an_impossible_day(self, tmp_path: Path) -> None:
        folder = a_pack(tmp_path)
        (folder / "pack.yaml").write_text("code: a\ntitle: 诗\nversion: 1.0.0\neffective: 2026-02-30\n")
        assert only(tmp_path)[:2] == ("pack.yaml", 4)


class TestLoading:
    """Loading is all or nothing, and doing it again changes nothing."""

    def load(self, root: Path) -> dict[str, Any]:
        result = LoadPacks.do(SYSTEM, paths=[str(root)])
        return {one.code: {**one.definitions, **one.facts} for one in result.packs}

    def test_what_is_declared_is_in_force_from_its_first_day(self, tmp_path: Path) -> None:
        a_pack(tmp_path, verses__a=verse())
        assert self.load(tmp_path)["poems"]["new"] == 1
        assert str(get("trial_verse", "verse").valid_from) == "2026-01-01"

    def test_loading_again_changes_nothing(self, tmp_path: Path) -> None:
        a_pack(tmp_path, verses__a=verse())
        self.load(tmp_path)
        before = list(DefinitionRecord.objects.values())
        assert self.load(tmp_path) == {"poems": {}}
        assert list(DefinitionRecord.objects.values()) == before
        assert PackRelease.objects.filter(code="poems").count() == 1

    def test_a_raised_version_publishes_only_what_changed(self, tmp_path: Path) -> None:
        a_pack(tmp_path, verses__a=verse(), verses__b=verse("other"))
        self.load(tmp_path)
        a_pack(tmp_path, version="1.1.0", verses__a=verse(title="新题"))
        (change,) = [one for one in pack.diff([tmp_path]) if one.what == "changed"]
        assert (change.key, change.before, change.after, change.fields) == ("verse", "1.0.0", "1.1.0", ("title",))
        counts = self.load(tmp_path)["poems"]
        assert {what: counts[what] for what in ("new", "changed")} == {"new": 0, "changed": 1}
        assert (get("trial_verse", "verse").version, get("trial_verse", "other").version) == ("1.1.0", "1.0.0")

    def test_changed_content_under_the_same_version_is_refused_whole(self, tmp_path: Path) -> None:
        a_pack(tmp_path, verses__a=verse())
        self.load(tmp_path)
        a_pack(tmp_path, verses__a=verse(title="改了"), verses__b=verse("other"))
        with pytest.raises(VersionTaken):
            self.load(tmp_path)
        assert get("trial_verse", "verse").title == "静夜思"
        with pytest.raises(NoDefinition):
            get("trial_verse", "other")

    def test_one_problem_keeps_everything_out(self, tmp_path: Path) -> None:
        a_pack(tmp_path, "good", verses__a=verse())
        a_pack(tmp_path, "bad", verses__a=verse("b", follows="nobody"))
        with pytest.raises(PackInvalid) as raised:
            self.load(tmp_path)
        assert "a.yaml:3: 没有“nobody” — " in str(raised.value)
        assert not DefinitionRecord.objects.filter(kind="trial_verse").exists()

    def test_packs_are_loaded_after_what_they_require(self, tmp_path: Path) -> None:
        a_pack(tmp_path, "a", requires="[b]", verses__a=verse("a", follows="c"))
        a_pack(tmp_path, "b", requires="[c]")
        a_pack(tmp_path, "c", verses__a=verse("c"))
        assert [one.manifest.code for one in pack.read([tmp_path])] == ["c", "b", "a"]

    def test_a_requirement_and_a_reference_may_be_met_by_what_is_loaded_already(self, tmp_path: Path) -> None:
        a_pack(tmp_path / "first", "base", verses__a=verse("c"))
        self.load(tmp_path / "first")
        a_pack(tmp_path / "second", "poems", requires="[base]", verses__a=verse("a", follows="c"))
        assert found(tmp_path / "second") == []
