"""Chemical formulas of MathJax's mhchem extension (``\\ce{2H2O + CO3^2-}``) as plain LaTeX.

Covered is what notes use: amounts, upright element names, counts below, charges above, states,
bonds and arrows with text.
"""

from __future__ import annotations

import re

# One part of a chemical formula, tried in this order.
_PART = re.compile(
    r"""(?P<arrow><=>>|<<=>|<=>|<-->|<->|->|<-|=>)(?:\[(?P<above>[^\]]*)\])?(?:\[(?P<below>[^\]]*)\])?
      | (?P<math>\$[^$]*\$)
      | \^\{(?P<superbrace>[^{}]*)\} | \^(?P<super>\d*[+-]?|[A-Za-z*.]+)
      | _\{(?P<subbrace>[^{}]*)\} | _(?P<sub>[\w.]+)
      | (?P<state>\((?:s|l|g|aq|cr)\))
      | (?P<element>[A-Za-z]+)
      | (?P<count>\d+(?:[./]\d+)?)
      | (?P<bond>\#)
      | (?P<charge>[+-])(?=$|[\s)\]}])
      | (?P<command>\\(?:[A-Za-z]+|.))
      | (?P<blank>\s+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ARROWS = {
    "->": "\\xrightarrow", "<-": "\\xleftarrow", "<->": "\\xleftrightarrow",
    "<-->": "\\xleftrightarrow", "<=>": "\\xrightleftharpoons", "<=>>": "\\xrightleftharpoons",
    "<<=>": "\\xrightleftharpoons", "=>": "\\xRightarrow",
}  # fmt: skip


def chemistry_to_tex(formula: str) -> str:
    """Translate the argument of ``\\ce``; what is not understood stays as text."""
    out: list[str] = []
    after_element = False  # a number or sign now belongs to what stands before it
    for match in _PART.finditer(formula):
        kind, text = match.lastgroup or "other", match[0]
        if match["arrow"]:
            above, below = match["above"] or "", match["below"] or ""
            under = f"[{chemistry_to_tex(below)}]" if below else ""
            out.append(f" {_ARROWS[match['arrow']]}{under}{{{chemistry_to_tex(above)}}} ")
            after_element = False
            continue
        match kind:
            case "element":
                out.append(f"\\mathrm{{{text}}}")
            case "count" if after_element:
                out.append(f"_{{{text}}}")
            case "count":
                amount = text.split("/")
                out.append(f"\\frac{{{amount[0]}}}{{{amount[1]}}}" if len(amount) == 2 else text)
            case "charge" if after_element:
                out.append(f"^{{{text}}}")
            case "super" | "superbrace":
                raised = match[kind] or ""
                out.append(f"^{{\\mathrm{{{raised}}}}}" if raised else "\\uparrow ")
            case "sub" | "subbrace":
                out.append(f"_{{\\mathrm{{{match[kind]}}}}}")
            case "state":
                out.append(f"\\,\\mathrm{{{text}}}")
            case "bond":
                out.append("\\equiv ")
            case "math":
                out.append("{" + text[1:-1] + "}")
            case "command":
                out.append(text + " ")
            case "blank":
                out.append("\\ " if out else "")
            case _:
                out.append({"*": "\\cdot ", "&": "", "%": "\\%", "#": "\\#"}.get(text, text))
        after_element = (
            kind in ("element", "sub", "subbrace")
            or text in (")", "]", "}")
            or (kind == "count" and after_element)
        )
    return "".join(out)
