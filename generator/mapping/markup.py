"""What stands in a heading without being part of its name: markup, tags, citations, numbering.

Each function takes heading text and gives it with one kind of decoration blanked out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from generator.mapping.words import CITING, CJK_NUMBERING, NUMBERED

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_COMMENT = re.compile(r"%%.*?(?:%%|$)|<!--.*?-->")
_HTML = re.compile(r"</?[A-Za-z][^<>]*>")
_WIKI_LINK = re.compile(r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_ADDRESS = re.compile(r"\b(?:https?|ftp|obsidian)://\S+|\bwww\.\S+")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_SHORTCODE = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]*:(?!\w)")  # :rocket:
_BLOCK_ID = re.compile(r"(?:^|\s)\^[A-Za-z0-9-]+\s*$")
_TAG = re.compile(r"(?:(?<=\s)|^)#[^\s#,;:!?()\[\]{}\"']*[^\W\d][^\s#,;:!?()\[\]{}\"']*")


def strip_markup(text: str) -> str:
    """Blank out comments, HTML, links (their text stays), footnote marks, block ids, emoji
    shortcodes and tags."""
    text = unescape(_ESCAPED.sub(r"\1", text))
    text = _COMMENT.sub(" ", text)
    text = _HTML.sub(" ", text)
    text = _FOOTNOTE.sub(" ", text)
    text = _WIKI_LINK.sub(_shown, text)
    text = _MARKDOWN_LINK.sub(lambda link: " " if link[0][0] == "!" else link[1], text)
    text = _ADDRESS.sub(" ", text)
    text = _BLOCK_ID.sub(" ", text)
    text = _SHORTCODE.sub(" ", text)
    return _TAG.sub(" ", text)


def _shown(match: re.Match[str]) -> str:
    """The text a reader sees for a wiki-link: its display, else the target's last part."""
    target, display = match.group(1), match.group(2)
    if match.group().startswith("!"):
        return " "
    return display if display else target.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


# ------------------------------------------------------------------ citations

_NAME = r"[^\W\d_][\w'’.-]*"
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-ÞĀ-ŽА-Я])[\w'’.-]*"
_CAPITAL_WORD = r"(?-i:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)"
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)[a-z]?"
_BY = rf"(?:\b(?:{'|'.join(CITING.split())})\s+)?"

# "He et al. 2015", "(by Krizhevsky et al.)", "LeCun 等, 1998": unmistakable.
_TAIL = rf",?\s+(?:et\.?\s+al\b\.?|等|и\s+др\.)(?:['’]s)?,?\s*\(?(?:{_YEAR})?\)?"
_ET_AL_TWO_WORDS = re.compile(rf"[,;]?\s*{_BY}{_NAME}\s+{_NAME}{_TAIL}", re.IGNORECASE)
_ET_AL = re.compile(rf"[,;]?\s*{_BY}{_NAME}{_TAIL}", re.IGNORECASE)
# "He2015 - ResNet": a citation key in front of a file's name.
_LEADING_KEY = re.compile(rf"^\s*{_CAPITAL_WORD}(?:EtAl)?{_YEAR}\s*[-–—:_]+\s*")
# "CVPR 2016", "arXiv:1512.03385", "ILSVRC'14".
_VENUE = re.compile(
    r"\b(?:arxiv|cvpr|iccv|eccv|nips|neurips|iclr|icml|bmvc|ilsvrc|aaai|t?pami|ijcv|wacv)\b"
    r"(?:[\s:'’./-]*\d[\d.]*(?:v\d+)?)?",
    re.IGNORECASE,
)
_PAPER_KEY = re.compile(
    r"\[(?:@[^\]\s][^\]]*|\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[A-Z][A-Za-z+]{0,20}\s?\d{2,4}[a-z]?)\]"
    r"|(?<!\w)@[A-Za-z][\w:-]*"
)
# "(Simonyan & Zisserman, 2014)", "[LeCun 1998]".
_AUTHORS_IN_PARENTHESES = re.compile(
    rf"[(\[]\s*{_BY}{_CAPITAL}(?:(?:\s*[,&]\s*(?:and\s+)?|\s+(?:and|und|et|y|e|и)\s+|\s+){_CAPITAL}){{0,6}}"
    rf",?\s+{_YEAR}\s*[)\]]"
)
# "Simonyan and Zisserman 2014", "Krizhevsky, Sutskever & Hinton (2012)".
_AUTHORS = re.compile(
    rf"{_BY}{_CAPITAL}(?:\s*,\s*{_CAPITAL}){{0,5}}\s*,?\s*(?:&|\b(?:and|und|et|y|и)\b)\s*{_CAPITAL}"
    rf",?\s*\(?{_YEAR}\)?"
)


def strip_citations(text: str, is_name: Callable[[str], bool]) -> tuple[str, bool]:
    """Blank out citations; also say whether one was found that only papers have.

    ``is_name`` says whether words name an architecture or what a section is about: those are no
    authors, and stay.
    """
    academic = False

    def drop(match: re.Match[str]) -> str:
        return match.group() if is_name(match.group()) else " "

    for pattern, surely in (
        (_ET_AL_TWO_WORDS, True),
        (_ET_AL, True),
        (_LEADING_KEY, False),
        (_VENUE, True),
        (_PAPER_KEY, True),
        (_AUTHORS_IN_PARENTHESES, False),
        (_AUTHORS, False),
    ):
        stripped = pattern.sub(drop, text)
        academic |= surely and stripped != text
        text = stripped
    return text, academic


# ------------------------------------------------------------------ numbering

_WORDS = "|".join(sorted({re.escape(word) for line in NUMBERED for word in line.split()}))
_ORDINAL = r"(?:\d{1,3}(?:[.\-]\d{1,3})*|[ivxlc]{1,5})"
_LEADING = (
    # "Chapter 7: ", "Part II - ", "Lecture 9."
    re.compile(
        rf"^\s*[(\[]?(?:{_WORDS})\b\.?\s*{_ORDINAL}\s*[)\]]?\s*[:.)|,–—-]*\s+", re.IGNORECASE
    ),
    # "第三章 ", "제3장 "
    re.compile(rf"^\s*(?:{CJK_NUMBERING})\s*[:.、,-]?\s*"),
    # A Zettelkasten identifier: "202304121530 "
    re.compile(r"^\s*(?:\d{12}|\d{14})[\s_-]+"),
    # "1. ", "3.2 ", "(4) ", "07 - ", "§2.1: "
    re.compile(
        r"^\s*[§№#]?\s*[(\[]?\d{1,3}(?:[.\-]\d{1,3})*[.)\]:、]+\s*(?:[–—-]\s+)?(?=[^\W\d]|\s)"
    ),
    re.compile(r"^\s*[§№#]?\s*\d{1,3}(?:\.\d{1,3})*\s*[–—-]\s+"),
    re.compile(r"^\s*0\d{0,2}[_-](?=[^\W\d])"),
    re.compile(r"^\s*\d{1,3}_(?=[^\W\d])"),
    # "2 LeNet", not "2 CNNs"
    re.compile(r"^\s*[§№]?\s*\d{1,3}(?:\.\d{1,3})*\s+(?!\S*s\b)(?=\S)"),
    # "II. ", "(b) ", "A) "
    re.compile(r"^\s*[(\[]?(?:[IVXLC]{1,5}|[A-Za-z]|[ivx]{1,4})[.)\]:]+\s+"),
)
_TRAILING = (
    re.compile(rf"[\s,:(\[|–—-]+(?:{_WORDS})\b\.?\s*{_ORDINAL}\s*[)\]]?\s*$", re.IGNORECASE),
    re.compile(r"\s*[(\[]\s*\d{1,2}\s*/\s*\d{1,2}\s*[)\]]\s*$"),
)


def strip_numbering(text: str) -> str:
    """Drop numbering in front ("1.", "3.2", "Chapter 7:", "II.") and behind ("(part 2)")."""
    for pattern in _LEADING:
        stripped = pattern.sub("", text, count=1)
        if stripped != text and stripped.strip():
            text = stripped
            break
    for pattern in _TRAILING:
        stripped = pattern.sub("", text, count=1)
        if stripped.strip():
            text = stripped
    return text
