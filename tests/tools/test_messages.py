"""Texts are found in code and templates, and an incomplete translation is noticed."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tools import messages

MODULE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
one = _("受理")
two = ngettext("%(n)s 个办件", "%(n)s 个办件（复数）", 2)
three = pgettext("officer", "办理")
"""
TEMPLATE = """    {% load i18n %}
  <!-- 注释 --><button lang="zh-Hans" value="zh">中文</button>{# 注释 #}
<h1 title="{% translate "首页" %}">{% blocktranslate with n=x %}共 {{ n }} 件{% endblocktranslate %}</h1>{{ _("返回") }}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "module.py").write_text(MODULE, "utf-8")
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE, "utf-8")
    return tmp_path


@pytest.fixture
def catalogue(root: Path) -> Path:
    return root / "locale" / "en" / "LC_MESSAGES" / "django.po"


def translate_all(catalogue: Path) -> polib.POFile:
    """Give every entry an English text with the right placeholders."""
    known = polib.pofile(str(catalogue))
    for entry in known:
        marks = " ".join(messages.PLACEHOLDER.findall(entry.msgid))
        if entry.msgid_plural:
            entry.msgstr_plural = {0: f"one {marks}", 1: f"many {marks}"}
        else:
            entry.msgstr = f"English {marks}"
    known.save()
    return known


def test_every_kind_of_text_is_found_once_with_its_place(root: Path) -> None:
    found = {(e.msgctxt, e.msgid): e.occurrences for e in messages.extract(root)}
    assert found == {
        (None, "受理"): [("module.py", "")],
        (None, "%(n)s 个办件"): [("module.py", "")],
        ("officer", "办理"): [("module.py", "")],
        (None, "首页"): [("templates/page.html", "")],
        (None, "共 %(n)s 件"): [("templates/page.html", "")],
        (None, "返回"): [("templates/page.html", "")],
    }


def test_a_text_with_a_context_does_not_hide_the_same_text_without_one(root: Path, catalogue: Path) -> None:
    (root / "module.py").write_text('one = pgettext("act", "受理")\ntwo = _("受理")\n', "utf-8")
    messages.update(root, catalogue)
    known = translate_all(catalogue)
    known.find("受理", msgctxt="act").msgstr = "Accept"
    known.save()
    merged = messages.update(root, catalogue)
    told = {e.msgctxt: e.msgstr for e in merged if e.msgid == "受理"}
    assert told == {"act": "Accept", None: "English "}


def test_a_complete_translation_passes_and_compiles(root: Path, catalogue: Path) -> None:
    messages.update(root, catalogue)
    translate_all(catalogue)
    assert messages.check(root, catalogue) == []
    assert messages.compile_all(root) == 1
    assert polib.mofile(str(catalogue.with_suffix(".mo"))).find("受理").msgstr.startswith("English")


def test_updating_keeps_translations_and_drops_what_is_not_used(root: Path, catalogue: Path) -> None:
    messages.update(root, catalogue)
    translate_all(catalogue)
    (root / "module.py").write_text('from x import _\none = _("受理")\nnew = _("新")\n', "utf-8")
    merged = messages.update(root, catalogue)
    assert merged.find("受理").msgstr.startswith("English")
    assert merged.find("办理", msgctxt="officer") is None
    assert [entry.msgid for entry in merged.untranslated_entries()] == ["新"]


def test_updating_twice_changes_nothing(root: Path, catalogue: Path) -> None:
    messages.update(root, catalogue)
    first = catalogue.read_bytes()
    messages.update(root, catalogue)
    assert catalogue.read_bytes() == first


def test_missing_untranslated_fuzzy_and_unused_texts_are_named(root: Path, catalogue: Path) -> None:
    messages.update(root, catalogue)
    known = translate_all(catalogue)
    known.find("受理").flags.append("fuzzy")
    known.find("首页").msgstr = ""
    known.remove(known.find("返回"))
    known.append(polib.POEntry(msgid="旧", msgstr="old"))
    known.save()
    told = "\n".join(messages.check(root, catalogue))
    assert len(told.splitlines()) == 4
    assert "module.py: no English yet: '受理'" in told
    assert "templates/page.html: no English yet: '首页'" in told
    assert "not in the catalogue, run `make messages`: '返回'" in told
    assert "no longer used, run `make messages`: '旧'" in told


def test_a_translation_that_loses_a_placeholder_is_refused(root: Path, catalogue: Path) -> None:
    messages.update(root, catalogue)
    known = translate_all(catalogue)
    known.find("共 %(n)s 件").msgstr = "many"
    known.save()
    assert messages.check(root, catalogue) == ["the English of '共 %(n)s 件' has other placeholders: %(n)s"]


@pytest.mark.parametrize("text", ['f"共 {n} 件"', '"共 " + n', '"共 {}".format(n)', '"共 %s" % n'])
def test_a_text_put_together_at_run_time_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.py"
    path.write_text(f"x = _({text})\n", "utf-8")
    assert len(list(messages.problems_of_calls(path))) == 1


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("<p>\n办理</p>", 2),
        ('<p title="{{ x|default:"无" }}">', 1),
        ('{% include "x.html" with title="首页" %}', 1),
        ("{% blocktranslate %}好{% endblocktranslate %}\n坏", 2),
    ],
)
def test_chinese_outside_translate_is_found_with_its_line(tmp_path: Path, template: str, line: int) -> None:
    path = tmp_path / "page.html"
    path.write_text(template, "utf-8")
    (problem,) = messages.problems_of_template(path)
    assert problem.startswith(f"{path}:{line}:")


def test_translated_and_commented_chinese_is_fine(root: Path) -> None:
    assert list(messages.problems_of_template(root / "templates" / "page.html")) == []
