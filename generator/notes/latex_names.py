"""What MathJax knows and math-core does not: commands, environments, signs, colours, in one table
each."""

from __future__ import annotations

import re

SIZES = tuple(
    f"\\{size}"
    for size in ("tiny", "Tiny", "scriptsize", "small", "normalsize", "large", "Large", "LARGE",
                 "huge", "Huge")
)  # fmt: skip
# Commands that MathJax knows and math-core does not: how many arguments they take, and what they
# become (``#1`` … are the arguments).
REWRITES: dict[str, tuple[int, str]] = {
    "\\require": (1, ""),
    "\\label": (1, ""),
    "\\eqref": (1, "\\text{(#1)}"),
    "\\ref": (1, "\\text{#1}"),
    "\\pmb": (1, "\\boldsymbol{#1}"),
    "\\mathds": (1, "\\mathbb{#1}"),
    "\\mathbbm": (1, "\\mathbb{#1}"),
    "\\llap": (1, "{#1}"),
    "\\rlap": (1, "{#1}"),
    "\\mathllap": (1, "{#1}"),
    "\\mathrlap": (1, "{#1}"),
    "\\smash": (1, "{#1}"),
    "\\strut": (0, ""),
    "\\class": (2, "{#2}"),
    "\\cssId": (2, "{#2}"),
    "\\style": (2, "{#2}"),
    "\\href": (2, "{#2}"),
    "\\bbox": (1, "{#1}"),
    "\\substack": (1, "\\begin{subarray}{c}#1\\end{subarray}"),
    "\\rule": (2, ""),
    "\\shoveleft": (1, "#1"),
    "\\shoveright": (1, "#1"),
    "\\verb*": (0, ""),
    "\\middot": (0, "\\cdot "),
    "\\bold": (1, "\\mathbf{#1}"),
    "\\textvisiblespace": (0, "\\text{\u2423}"),
    "\\textbraceleft": (0, "\\{"),
    "\\textbraceright": (0, "\\}"),
    "\\R": (0, "\\mathbb{R}"),
    "\\cr": (0, "\\\\"),
    "\\TeX": (0, "\\text{TeX}"),
    "\\LaTeX": (0, "\\text{LaTeX}"),
    "\\mathup": (1, "\\mathrm{#1}"),
    "\\mathbfit": (1, "\\boldsymbol{#1}"),
    "\\mathbfsf": (1, "\\mathbf{#1}"),
    "\\mathsfit": (1, "\\mathsf{#1}"),
    "\\mathbfcal": (1, "\\mathcal{#1}"),
    "\\mathbfscr": (1, "\\mathscr{#1}"),
    "\\mathbffrak": (1, "\\mathfrak{#1}"),
    "\\hspace*": (1, "\\hspace{#1}"),
    "\\hdotsfor": (1, "\\dots "),
    "\\cancelto": (2, "\\overset{#1}{\\cancel{#2}}"),
    "\\underoverset": (3, "\\underset{#1}{\\overset{#2}{#3}}"),
    "\\overunderset": (3, "\\overset{#1}{\\underset{#2}{#3}}"),
    "\\skew": (3, "#2{#3}"),
    "\\mathchoice": (4, "{#1}"),
    "\\mathtip": (2, "{#1}"),
    "\\texttip": (2, "{#1}"),
    "\\undertilde": (1, "\\underset{\\sim}{#1}"),
    "\\overarc": (1, "\\overparen{#1}"),
    "\\wideparen": (1, "\\overparen{#1}"),
    "\\varliminf": (0, "\\underline{\\lim}"),
    "\\varlimsup": (0, "\\overline{\\lim}"),
    **{f"\\sym{style}": (1, f"\\math{style}{{#1}}")
       for style in ("it", "rm", "sf", "tt", "cal", "scr", "frak", "bb")},
    **dict.fromkeys(("\\mathnormal", "\\vcenter", "\\clap", "\\mathclap", "\\ensuremath"),
                    (1, "{#1}")),
    **{name: (0, f"{sign} ") for name, sign in {
        "\\dotsc": "\\ldots", "\\dotso": "\\ldots", "\\mathellipsis": "\\ldots", "\\hdots": "\\ldots",
        "\\dotsb": "\\cdots", "\\dotsm": "\\cdots", "\\dotsi": "\\cdots",
        "\\smallsetminus": "\\setminus", "\\centerdot": "\\cdot", "\\thicksim": "\\sim",
        "\\thickapprox": "\\approx", "\\shortmid": "\\mid", "\\nshortmid": "\\nmid",
        "\\shortparallel": "\\parallel", "\\nshortparallel": "\\nparallel",
        "\\varpropto": "\\propto", "\\smallsmile": "\\smile", "\\smallfrown": "\\frown",
        "\\smallint": "\\int", "\\intop": "\\int", "\\ointop": "\\oint",
        "\\arrowvert": "|", "\\Arrowvert": "\\|", "\\bracevert": "|", "\\ordinarycolon": ":",
        "\\longrightleftharpoons": "\\rightleftharpoons",
        "\\varinjlim": "\\injlim", "\\varprojlim": "\\projlim",
    }.items()},
    **{name: (0, f"\\text{{{name}}}") for name in (
        "\\textasciicircum", "\\textasciitilde", "\\textbackslash", "\\textbar", "\\textdegree",
        "\\textellipsis", "\\textemdash", "\\textendash", "\\textgreater", "\\textless",
        "\\textquoteleft", "\\textquoteright", "\\textregistered",
    )},
    **dict.fromkeys(("\\allowbreak", "\\nobreak", "\\goodbreak", "\\ignorespaces", "\\par",
                     "\\hfil", "\\hfill", "\\vfill", "\\null"), (0, "")),
    **dict.fromkeys(SIZES, (0, "")),
}  # fmt: skip
WITH_OPTION = frozenset({"\\bbox", "\\smash", "\\rule"})
# Commands for text by what math-core has for them.
TEXTS = {
    **{name: name for name in ("\\text", "\\textrm", "\\textbf", "\\textit", "\\textsf", "\\texttt")},
    **dict.fromkeys(("\\mbox", "\\hbox", "\\textnormal", "\\textup", "\\textmd", "\\textsc"),
                    "\\text"),
    "\\textsl": "\\textit",
}  # fmt: skip
# Boxes with text in them: how many arguments come before it.
BOXES = {"\\fbox": 0, "\\colorbox": 1, "\\fcolorbox": 2}
# Commands of plain TeX whose argument is rows.
BRACED_ENVIRONMENTS = {
    "\\matrix": "matrix", "\\pmatrix": "pmatrix", "\\cases": "cases",
    "\\eqalign": "aligned", "\\displaylines": "gathered",
}  # fmt: skip
# Signs that math-core has as commands only.
SIGNS = {
    "√": "\\surd ", "∅": "\\emptyset ", "∠": "\\angle ", "∡": "\\measuredangle ",
    "∢": "\\sphericalangle ", "∴": "\\therefore ", "∵": "\\because ", "⊤": "\\top ", "⊥": "\\bot ",
}  # fmt: skip
# Letters with a mark over them, as two characters: the command for the mark.
ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar",
    "\u0305": "overline", "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030a": "mathring",
    "\u030c": "check", "\u0332": "underline", "\u20d7": "vec",
}  # fmt: skip
ACCENTED = re.compile(f"([^\\W_])([{''.join(ACCENTS)}])")
# Named colours of CSS that math-core does not know (CSS Color Module Level 4, section 6.1).
COLOURS = {
    "aqua": "00FFFF", "chocolate": "D2691E", "coral": "FF7F50", "cornflowerblue": "6495ED",
    "crimson": "DC143C", "darkblue": "00008B", "darkgreen": "006400", "darkorange": "FF8C00",
    "darkred": "8B0000", "deeppink": "FF1493", "deepskyblue": "00BFFF", "dodgerblue": "1E90FF",
    "firebrick": "B22222", "forestgreen": "228B22", "fuchsia": "FF00FF", "gold": "FFD700",
    "grey": "808080", "hotpink": "FF69B4", "indigo": "4B0082", "khaki": "F0E68C",
    "lightblue": "ADD8E6", "lightgreen": "90EE90", "limegreen": "32CD32", "maroon": "800000",
    "navy": "000080", "orchid": "DA70D6", "plum": "DDA0DD", "royalblue": "4169E1",
    "salmon": "FA8072", "seagreen": "2E8B57", "sienna": "A0522D", "silver": "C0C0C0",
    "skyblue": "87CEEB", "slateblue": "6A5ACD", "steelblue": "4682B4", "tan": "D2B48C",
    "tomato": "FF6347", "turquoise": "40E0D0",
}  # fmt: skip
HEX_COLOUR = re.compile(r"#([0-9A-Fa-f]{6})")
# Environments by what they become. Obsidian's MathJax numbers no equations by itself.
ENVIRONMENTS = {
    "align": "align*", "equation": "equation*", "gather": "gather*", "multline": "multline*",
    "alignat": "align*", "alignat*": "align*", "xalignat": "align*", "xalignat*": "align*",
    "flalign": "align*", "flalign*": "align*", "split": "aligned", "alignedat": "aligned",
    "smallmatrix": "matrix", "psmallmatrix": "pmatrix", "bsmallmatrix": "bmatrix",
    "vsmallmatrix": "vmatrix", "multlined": "gathered", "lgathered": "gathered",
    "rgathered": "gathered", "tabular": "array", "darray": "array",
    **{f"{kind}matrix*": f"{kind}matrix" for kind in ("", "p", "b", "B", "v", "V")},
}  # fmt: skip
# Environments with a number of columns first, and those with a place in square brackets.
WITH_COUNT = frozenset({"alignedat", "alignat", "alignat*", "xalignat", "xalignat*"})
WITH_PLACE = re.compile(r"aligned|alignedat|gathered|multlined|array|tabular|darray|.*matrix\*")
# Commands within text: those with an argument that math-core has outside of text only, and what
# becomes of signs that mean something in formulas.
IN_TEXT = {
    "\\color": "",
    "\\textcolor": "",
    "\\underline": "\\underline",
    "\\boxed": "\\boxed",
    "\\emph": "",
    "\\mathrm": "",
    "\\mathbf": "",
    "\\texttt": "",
    "\\ensuremath": "",
}
