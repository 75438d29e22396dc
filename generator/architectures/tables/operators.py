"""The operator layout of MobileNetV2, V3 and EfficientNet: input, operator, expansion, output a row.

Sandler et al. 2018, table 2 (``t c n s``), Howard et al. 2019, tables 1 and 2 (``exp size, #out, SE, NL,
s``; ``NBN`` is "no batch norm"), and Tan and Le 2019, table 1 (``MBConv6, k3x3``, where the resolutions
that reach the stages tell the steps). Convolutions have batch norm; after the pooling they are the
classifier, linear layers in effect.
"""

from __future__ import annotations

import re
from itertools import pairwise

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import BlockType
from generator.architectures.tables.cells import CLASSES, CellError, find_field, read_cell
from generator.architectures.tables.model import Draft, DraftRow, Grid, Question, StatedSize
from generator.architectures.tables.operations import read_operations
from generator.architectures.tables.rows import is_summary, unknown_layer
from generator.architectures.tables.text import absent, key, normal, read_size, without_symbols
from generator.core.diagnostics import diagnostic
from generator.notes.model import Cell

# Folded headers of the columns.
COLUMNS: dict[str, str] = {
    "input": "input",
    "inputsize": "input",
    "inputshape": "input",
    "resolution": "resolution",
    "inputresolution": "resolution",
    "operator": "operator",
    "operation": "operator",
    "op": "operator",
    "layer": "operator",
    "type": "operator",
    "block": "operator",
    "t": "t",
    "expansion": "t",
    "expansionfactor": "t",
    "expandratio": "t",
    "expsize": "expanded",
    "expansionsize": "expanded",
    "c": "width",
    "#out": "width",
    "out": "width",
    "channels": "width",
    "#channels": "width",
    "outputchannels": "width",
    "outchannels": "width",
    "n": "repeat",
    "repeat": "repeat",
    "repeats": "repeat",
    "times": "repeat",
    "layers": "repeat",
    "#layers": "repeat",
    "s": "stride",
    "stride": "stride",
    "strides": "stride",
    "se": "se",
    "squeezeexcite": "se",
    "squeezeandexcite": "se",
    "nl": "activation",
    "activation": "activation",
    "nonlinearity": "activation",
}


# Words for the block itself.
BLOCKS = re.compile(r"bottleneck|bneck|mbconv")


def read(grid: Grid, _question: Question) -> Draft | None:
    """Read a table in this layout; ``None`` without operator, expansion and output columns."""
    places = {
        COLUMNS[folded]: index
        for index, each in enumerate(grid.header)
        for folded in {key(normal(each)), key(without_symbols(each))}
        if folded in COLUMNS
    }
    if not {"operator", "width"} <= set(places):
        return None
    texts = [normal(cells[places["operator"]]).casefold() for cells in grid.rows]
    expansion = next((each for each in ("t", "expanded") if each in places), "")
    if not any(BLOCKS.search(each) for each in texts):
        return None
    if not expansion and not any(re.search(r"mbconv\d", each) for each in texts):
        return None
    reader = _Reader(places, Draft(rows=[], understood=0, total=0), version_3=expansion != "t")
    for cells in grid.rows:
        reader.row(cells)
    reader.steps()
    return reader.draft


class _Reader:
    """Collects the rows; after the pooling, 1×1 convolutions are the classifier."""

    def __init__(self, places: dict[str, int], draft: Draft, *, version_3: bool) -> None:
        self.places = places
        self.draft = draft
        self.version_3 = version_3
        self.mbconv = False
        self.pooled = False

    def row(self, cells: tuple[Cell, ...]) -> None:
        place = cells[self.places["operator"]]
        text = normal(place).replace("\n", ", ")
        if absent(text) or is_summary(text):
            return
        self.draft.total += 1
        rows = [self._started(each, place) for each in re.split(r"\s*[&+]\s*", text)]
        found = [each for each in rows if each is not None]
        if len(found) < len(rows):
            return
        self.draft.understood += 1
        block = block_type(found[0].type)
        assert block is not None
        for name, index in self.places.items():
            if name not in ("operator", "input", "resolution"):
                self._field(found[0], block, name, cells[index])
        for row in found[1:]:
            row.classes = row.type == "linear" and "width" not in row.values
        reached = self.places.get("input", self.places.get("resolution"))
        if reached is not None:
            found[0].input = _stated(cells[reached])
        self.draft.rows.extend(found)

    def _started(self, text: str, place: Cell) -> DraftRow | None:
        """Start the row of one operator, with its window."""
        windows = [(int(a), int(b)) for a, b in re.findall(r"(\d+)x(\d+)", text)]
        words = text.casefold()
        if "mbconv" in words:
            self.mbconv = True
            row = DraftRow("inverted_residual", {}, place.position)
            row.values |= {"form": "mbconv", "se": True, "activation": "silu"}
            if factor := re.search(r"mbconv(\d+)", words):
                row.values["t"] = int(factor[1])
        elif BLOCKS.search(words):
            row = DraftRow("inverted_residual", {}, place.position)
            row.values["form"] = "v3" if self.version_3 else "v2"
            if not self.version_3:
                row.values["activation"] = "relu6"
        elif "pool" in words:
            row = DraftRow("global_avg_pool", {}, place.position)
            self.pooled = True
        elif (found := read_operations(text)) is not None and found[0].type in ("conv", "linear"):
            row = self._convolution(words, place, linear=found[0].type == "linear")
            if found[0].type == "linear" and "width" in found[0].values:
                row.values["width"] = found[0].values["width"]
        else:
            self.draft.problems.append(unknown_layer(place.position, text))
            return None
        if windows and row.type in ("conv", "inverted_residual"):
            row.values["kernel"] = windows[0]
            row.places["kernel"] = place.position
        elif windows and row.type == "global_avg_pool":
            row.window = StatedSize(None, *windows[0], place.position, text)
        elif windows and windows[0] != (1, 1):
            self.draft.problems.append(
                diagnostic(
                    "NT510",
                    place.position,
                    "after the pooling a convolution is 1×1",
                    found=text[:60],
                    expected="1x1",
                )
            )
            return None
        return row

    def steps(self) -> None:
        """Take steps from the resolutions where no column gives them; EfficientNet's convolutions
        have its activation."""
        rows = self.draft.rows
        for row in rows:
            if row.type == "conv" and self.mbconv:
                row.values["activation"] = "silu"
        if "stride" in self.places:
            return
        staged = [each for each in rows if each.input is not None and each.input.height]
        for row, following in pairwise(staged):
            assert row.input is not None
            assert following.input is not None
            before, after = row.input.height or 1, following.input.height or 1
            if row.type in ("conv", "inverted_residual") and before > after:
                row.values["stride"] = round(before / after)

    def _convolution(self, words: str, place: Cell, *, linear: bool) -> DraftRow:
        if self.pooled or linear:
            return DraftRow("linear", {"activation": "none"}, place.position)
        row = DraftRow("conv", {"norm": "batch"}, place.position)
        row.values["activation"] = "none" if self.version_3 else "relu6"
        if "nbn" in words:
            row.values["norm"] = "none"
        return row

    def _field(self, row: DraftRow, block: BlockType, name: str, cell: Cell) -> None:
        text = normal(cell)
        field = find_field(block, name)
        if field is None or (row.type == "conv" and name == "se"):
            return
        counted = row.type in ("inverted_residual", "conv") and not absent(text)
        if name == "repeat" and not counted:
            return
        row.places[field.name] = cell.position
        if name == "width" and CLASSES.fullmatch(text):
            row.classes = True
            return
        if name == "activation":
            if not absent(text):
                text = {"re": "relu", "hs": "hardswish"}.get(text.casefold(), text)
            elif row.type != "inverted_residual":
                return
        try:
            row.values |= read_cell(block, field, text)
        except CellError as error:
            self.draft.problems.append(
                diagnostic(
                    "NT510",
                    cell.position,
                    error.message,
                    found=error.found,
                    expected=error.expected,
                )
            )


def _stated(cell: Cell) -> StatedSize | None:
    text = normal(cell)
    size = read_size(text)
    return None if size is None else StatedSize(*size, cell.position, text)
