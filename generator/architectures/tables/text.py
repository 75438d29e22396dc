"""A cell's text brought to one spelling: ``$3\\times3$, 64 <br> /2`` becomes ``3x3, 64`` and ``/2``.

Markup, LaTeX and the many signs for "times" go; what is left is words, numbers and ``x``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from generator.notes.model import Cell

# No layer needs more words; longer cells are prose, and patterns stay quick.
LONGEST_CELL = 1000

# Only ever applied to one cell's text.
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
SQUARED = re.compile(r"(\d+)\s*(?:²|\^\{?2\}?|<sup>2</sup>)")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
LINK = re.compile(r"!?\[\[(?:[^\]|\\]*\\?\|)?([^\]|]*)\]\]")
EXTERNAL_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MATRIX_OPEN = re.compile(r"\\left\s*\[|\\begin\{[bBpvV]?(?:matrix|array)\}(?:\{[^}]*\})?")
MATRIX_CLOSE = re.compile(r"\\right\s*\]|\\end\{[bBpvV]?(?:matrix|array)\}")
LATEX_TEXT = re.compile(r"\\(?:text|mathrm|textrm|mathbf|textbf|operatorname|mbox)\s*\{([^{}]*)\}")
SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")
FOOTNOTE = re.compile(r"\[\^[^\]\s]*\]|\^[a-z]\^|[†‡§¶]|\\\*+\s*$")
UNIT = re.compile(r"(?<=\d)\s*(?:px|pixels?)\b", re.IGNORECASE)
TREE = re.compile(r"^[\s│├└─]+")  # torchinfo draws its summary as a tree
ACCENT = re.compile(r"\\(?:hat|bar|tilde|vec|mathcal|mathbb|boldsymbol|bm)\s*\{([^{}]*)\}")
LATEX_SPACE = re.compile(r"\\[,;:! ]|\\quad|\\qquad|~")
LATEX_TIMES = re.compile(r"\\(?:times|cdot|ast)(?![A-Za-z])")
TIMES = re.compile(r"[×✕✖⨯∗⋅]")
# ``64 x2`` stays: that is "twice", not a window.
BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:\s+[xX*]\s+|[xX*]\s*)(?=\d)")


def normal(cell: Cell | str) -> str:
    """Give a cell's text in one spelling; line breaks inside it become ``\\n``."""
    return _normal((cell if isinstance(cell, str) else cell.text)[:LONGEST_CELL])


_LETTER = r"[a-zA-Z](?:i|_\w{1,2})?"
SYMBOL = re.compile(rf"(?<=[a-z])\s+[(\[]?{_LETTER}(?:\s*x\s*{_LETTER})*[)\]]?$")
FORMULA = re.compile(r"\$[^$]*\$")


def without_symbols(cell: Cell) -> str:
    """Give a header's words without its symbols: ``Operator $F_i$``, ``Resolution H_i × W_i``."""
    return SYMBOL.sub("", normal(FORMULA.sub(" ", cell.text)))


# Layouts look at the same cells in turn.
@lru_cache(maxsize=4096)
def _normal(text: str) -> str:
    text = html.unescape(text.replace("\\|", "|"))
    text = BREAK.sub("\n", text)
    text = SQUARED.sub(r"\1x\1", text)
    # Before matrices become brackets: ``[[`` is a link in a note, a matrix in LaTeX.
    text = LINK.sub(r"\1", text)
    text = EXTERNAL_LINK.sub(r"\1", text)
    if MATRIX_OPEN.search(text):
        text = text.replace("&", " ")  # between a matrix' columns
    text = MATRIX_OPEN.sub("[", text)
    text = MATRIX_CLOSE.sub("]", text)
    text = text.replace("\\\\", "\n")
    text = FOOTNOTE.sub("", UNIT.sub("", TREE.sub("", text)))
    for _ in range(3):
        text = ACCENT.sub(r"\1", LATEX_TEXT.sub(r"\1", text))
    text = LATEX_SPACE.sub(" ", text)
    text = LATEX_TIMES.sub("x", text)
    text = SUBSCRIPT.sub(r"\1", text)
    text = text.replace("\\#", "#").replace("\\_", "_").replace("\\%", "%").replace("\\*", "*")
    text = TAG.sub("", text)
    text = unicodedata.normalize("NFKC", text)
    text = text.replace("↓", "/").replace("−", "-")
    text = TIMES.sub("x", text)
    text = BETWEEN_DIGITS.sub("x", text)
    text = re.sub(r"[*`$]+|(?<!\w)_+|_+(?!\w)|\^\{?\d*\}?|==", "", text)
    text = re.sub(r"\[\s*\[", "[", text)
    text = re.sub(r"\]\s*\]", "]", text)
    lines = [" ".join(line.split()) for line in text.replace("\r", "").split("\n")]
    return "\n".join(line for line in lines if line)


def absent(text: str) -> bool:
    """Say whether a cell says nothing: empty or a dash."""
    return text.strip().casefold() in (
        "",
        "-",
        "–",
        "—",
        "--",
        "---",
        "n/a",
        "na",
        "none",
        "/",
        "·",
    )


def key(text: str) -> str:
    """Fold a header or word for look-up: case, blanks, ``-``, ``_``, ``.`` and brackets go."""
    text = re.sub(r"\([^()]*\)", "", text)
    return re.sub(r"[\s\-_.:()\[\]]+", "", text.casefold())


# ``112x112x64``, ``112x112``, ``224x224 x 3``, ``(64, 112, 112)``, ``6@28x28``, ``1024``.
SIZE = re.compile(r"[(\[]?\s*(\d{1,5})\s*[x,]\s*(\d{1,5})(?:\s*[x,]\s*(\d{1,7}))?\s*[)\]]?")
BATCH_AXIS = re.compile(r"(?<=[(\[])\s*(?:None|-1|\?|N|B|batch|batch_size)\s*[,x]\s*")
MAPS_AT = re.compile(r"(\d{1,6})\s*@\s*(\d{1,5})(?:x(\d{1,5}))?")


def read_size(text: str) -> tuple[int | None, int | None, int | None] | None:
    """Read a stated size as (channels, height, width); ``None`` where it says nothing.

    Papers write height × width × channels; a tuple whose last two agree is channels first. One
    number is a vector's length, or the side of a square map, so both readings are left open:
    ``(n, None, None)``. An open axis of examples before them (Keras, torch) is no part of the size.
    """
    text = BATCH_AXIS.sub("", text.replace(" x ", "x").strip())
    if thousands := re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):  # "4,096"
        return int(thousands[0].replace(",", "")), None, None
    if found := MAPS_AT.fullmatch(text):
        height = int(found[2])
        return int(found[1]), height, int(found[3]) if found[3] else height
    if found := SIZE.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        if found[3] is None:
            return None, first, second
        third = int(found[3])
        if second == third and first != second:
            return first, second, third
        return third, first, second
    if vector := re.fullmatch(r"[(\[]?\s*(\d{1,7})\s*,?\s*[)\]]?", text):
        return int(vector[1]), None, None
    return None
