"""A network as a drawing: its stages as boxes from top to bottom, in SVG.

Colours come from the page's style sheet (classes, so it follows light and dark); there are no ids,
so one page can hold several drawings. The text alternative lists the stages.
"""

from __future__ import annotations

from markupsafe import escape

from generator.architectures.ir import Network
from generator.emit.site.numbers import times as shape
from generator.emit.site.stages import Stage, StageKind, stages

_WIDTH = 440
_LEFT, _BOX = 44, 312  # room for skip connections, width of the boxes
_MIDDLE = _LEFT + _BOX / 2
_LINE = 16  # height of a line of text
_GAP = 28  # between boxes: the arrow and the shape that passes
_CHIP = 20


def diagram(network: Network, *, title: str) -> str:
    """Draw a network as an ``<svg>`` element."""
    steps = stages(network)
    drawn: list[str] = []
    top = 6.0
    for position, stage in enumerate(steps):
        height = _height(stage)
        drawn.append(_box(stage, top, height))
        if position < len(steps) - 1:
            drawn.append(_arrow(top + height, shape(stage.output)))
            drawn.extend(_auxiliary(stage, top + height))
        else:
            drawn.append(
                f'<text class="shape" x="{_MIDDLE:g}" y="{top + height + 16:g}" '
                f'text-anchor="middle">{shape(stage.output)}</text>'
            )
        top += height + _GAP
    summary = escape(f"{title}: " + "; ".join(_spoken(stage) for stage in steps))
    return (
        f'<svg class="nt-net" viewBox="0 0 {_WIDTH} {top:g}" role="img" aria-label="{summary}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'
    )


def _spoken(stage: Stage) -> str:
    parts = [stage.label, *stage.steps]
    if stage.branches:
        parts.append(f"{len(stage.branches)} branches, concatenated")
    if stage.residual:
        parts.append("skip connection")
    if stage.count > 1:
        parts.append(f"{stage.count} times")
    return ", ".join(parts) + f" gives {shape(stage.output)}"


def _height(stage: Stage) -> float:
    if stage.branches:
        rows = max(len(_chips(each)) for each in stage.branches)
        return 30 + len(_lines(stage)) * _LINE + rows * _CHIP + 8
    return 12 + (len(_lines(stage)) + bool(_title(stage))) * _LINE + 4


def _title(stage: Stage) -> str:
    """What a block is called; plain layers are named by what they do alone."""
    if stage.branches or stage.residual or stage.kind is StageKind.INPUT or not stage.steps:
        return stage.label or stage.kind
    return "" if len(stage.steps) < 3 else stage.label


def _lines(stage: Stage) -> list[str]:
    """The steps, as many on a line as fit."""
    lines: list[str] = []
    for step in stage.steps:
        if lines and len(lines[-1]) + len(step) + 3 <= 42:
            lines[-1] += f" → {step}"
        else:
            lines.append(step)
    if len(lines) > 4:
        lines[3:] = [f"… {len(stage.steps)} steps in all"]
    return lines


def _box(stage: Stage, top: float, height: float) -> str:
    times = f'<tspan class="times">  × {stage.count}</tspan>' if stage.count > 1 else ""
    title = _title(stage)
    texts = [("name", escape(title))] if title else []
    texts += [("step" if title else "name", escape(line)) for line in _lines(stage)]
    parts = [
        f'<rect class="box {stage.kind}" x="{_LEFT}" y="{top:g}" width="{_BOX}" '
        f'height="{height:g}" rx="7"/>'
    ]
    for at, (kind, text) in enumerate(texts):
        parts.append(
            f'<text class="{kind}" x="{_MIDDLE:g}" y="{top + 20 + at * _LINE:g}" '
            f'text-anchor="middle"{_squeezed(text, _BOX - 16, 6.6)}>'
            f"{text}{times if at == 0 else ''}</text>"
        )
    if stage.branches:
        parts.extend(_branches(stage, top + 13 + len(texts) * _LINE))
    if stage.residual:
        parts.append(_skip(top, height))
    return "".join(parts)


def _chips(branch: tuple[str, ...]) -> tuple[str, ...]:
    return branch or ("as it is",)


def _branches(stage: Stage, top: float) -> list[str]:
    """Parallel paths side by side; the words shrink to what a column holds."""
    width = (_BOX - 12) / len(stage.branches)
    parts = []
    for column, branch in enumerate(stage.branches):
        left = _LEFT + 6 + column * width
        for row, step in enumerate(_chips(branch)):
            y = top + row * _CHIP
            parts.append(
                f'<rect class="chip" x="{left + 2:g}" y="{y:g}" width="{width - 4:g}" '
                f'height="{_CHIP - 3}" rx="4"/>'
                f'<text class="step small" x="{left + width / 2:g}" y="{y + 12.5:g}" '
                f'text-anchor="middle"{_squeezed(step, width - 8)}>{escape(step)}</text>'
            )
    return parts


def _squeezed(text: str, width: float, letter: float = 5.6) -> str:
    """Let a text that is too long for its place be set narrower."""
    return (
        f' textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'
        if len(text) * letter > width
        else ""
    )


def _skip(top: float, height: float) -> str:
    """The way around a residual block, to a plus sign at its end."""
    x, start, end = _LEFT - 22, top - 8, top + height + 8
    return (
        f'<path class="skip" d="M{_MIDDLE:g} {start:g}H{x + 8}Q{x} {start:g} {x} {start + 8:g}'
        f'V{end - 8:g}Q{x} {end:g} {x + 8} {end:g}H{_MIDDLE - 7:g}"/>'
        f'<circle class="plus" cx="{_MIDDLE:g}" cy="{end:g}" r="6.5"/>'
        f'<path class="skip" d="M{_MIDDLE - 3.5:g} {end:g}h7M{_MIDDLE:g} {end - 3.5:g}v7"/>'
    )


def _arrow(y: float, text: str) -> str:
    tip = y + _GAP - 2
    return (
        f'<path class="flow" d="M{_MIDDLE:g} {y:g}V{tip - 4:g}"/>'
        f'<path class="tip" d="M{_MIDDLE - 4:g} {tip - 6:g}h8l-4 6z"/>'
        f'<text class="shape" x="{_MIDDLE + 14:g}" y="{y + 19:g}">{text}</text>'
    )


def _auxiliary(stage: Stage, y: float) -> list[str]:
    """Outputs that exist in training only, leaving to the right of the arrow."""
    parts = []
    for at, name in enumerate(stage.auxiliary):
        left, top = _LEFT + _BOX + 10, y - 12 - at * 26
        parts.append(
            f'<path class="aux" d="M{_LEFT + _BOX} {top + 10:g}H{left:g}"/>'
            f'<rect class="box aux" x="{left}" y="{top:g}" width="68" height="21" rx="5"/>'
            f'<text class="step small" x="{left + 34}" y="{top + 14.5:g}" text-anchor="middle">'
            f"{escape(name)}</text>"
        )
    return parts
