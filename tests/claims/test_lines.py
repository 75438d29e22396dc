"""Line breaks that part sentences, and those that only wrap them."""

from __future__ import annotations

import pytest

from generator.claims.check import check_note
from generator.claims.model import Status
from generator.claims.reading.lines import parted
from generator.notes.parse import parse_note
from tests.claims.corpus import catalogue


def lines_of(text: str) -> list[str]:
    (statement,) = parse_note("note.md", text.encode()).statements
    parts = list(parted(statement))
    for part in parts:
        begin = len(part.text) - len(part.text.lstrip())
        assert statement.text.startswith(part.text.strip(), begin)  # offsets are the whole's
    return [part.text.strip() for part in parts]


FACTS = (
    "only 3×3 convs (s=1, p=1) and 2×2 max pools (s=2)\n"
    "VGG16: 13 conv + 3 fc\n"
    "two 3×3 see 5×5, three see 7×7\n"
    "224 → 112 → 56 → 28 → 14 → 7"
)
WRAPPED = (
    "VGG-16 is a network of thirteen convolutions and three fully connected layers. All of\n"
    "its windows are 3×3, and the pooling that stands between them takes the maximum of\n"
    "2×2 values. Most of the 138 million parameters are in the first of the dense layers,\n"
    "which is why later networks end in global average pooling."
)


def test_one_fact_a_line() -> None:
    assert lines_of(FACTS) == FACTS.split("\n")


def test_wrapped_text_is_one() -> None:
    assert lines_of(WRAPPED) == [WRAPPED]


def test_links_count_as_long_as_they_are_written() -> None:
    wrapped = WRAPPED.replace("thirteen convolutions", "[[Some folder/Convolutions|convolutions]]")
    assert len(lines_of(wrapped)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "the first layer has\n1,792 parameters",
        "13 conv layers and\n3 dense ones",
        "224\n→ 112\n→ 56",
        "sizes:\n28, 14, 7",
        "$$\n1 + 2\n= 3\n$$",
        "that is $a\nb$",
    ],
)
def test_a_sentence_goes_on(text: str) -> None:
    assert len(lines_of(text)) == 1


def test_claims_of_lines_are_named_alike() -> None:
    """A number corrected in one line leaves the names of all claims as they are."""

    def claims(text: str) -> dict[str, Status]:
        note = parse_note("VGG.md", f"# VGG\\n\\n{text}\\n".replace("\\n", "\n").encode())
        subjects = {each.index: catalogue()["vgg"] for each in note.sections}
        return {e.id: e.status for e in check_note(note, subjects, catalogue=catalogue())}

    before, after = claims(FACTS), claims(FACTS.replace("13 conv", "12 conv"))
    assert before.keys() == after.keys()
    assert sum(before[each] is not after[each] for each in before) == 1
    assert set(before.values()) == {Status.VERIFIED}


def test_what_a_letter_is_holds_in_later_lines() -> None:
    note = parse_note("Note.md", b"n = 6, f = 3\n$n - f + 1 = 5$")
    assert [each.status for each in check_note(note, {})] == [Status.FALSE]
