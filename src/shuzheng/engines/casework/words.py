"""Words of titles and searches: segmentation and weighting for full text search in Chinese."""

from __future__ import annotations

import re
import unicodedata

import rjieba

_WORD = re.compile(r"[\w]+")
#: Words that say nothing about what somebody wants.
EMPTY_WORDS = frozenset(
    "的 了 和 与 及 或 在 是 我 我们 我家 要 想 想要 请问 怎么 怎么办 如何 办 办理 需要 什么 一个 一下 吗 呢 啊 可以 能 去 哪里 哪 里 给 帮 替 申请 "
    "关于 等 妈妈 爸爸 母亲 父亲 爷爷 奶奶 外公 外婆 老婆 老公 儿子 女儿".split()
)


def normal(text: str) -> str:
    """Return text in half-width, lower case, blanks removed."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def segment(text: str) -> list[str]:
    """Return the words of a text for indexing: jieba's search mode, punctuation dropped, order kept, each once."""
    words = rjieba.cut_for_search(normal(text), True)
    return list(dict.fromkeys(word for word in words if _WORD.fullmatch(word)))


def query_words(text: str) -> list[str]:
    """Return the words of a search that mean something; all of them if none does."""
    words = segment(text)
    return [word for word in words if word not in EMPTY_WORDS] or words
