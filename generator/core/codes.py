"""The table of diagnostic codes: one row a code, the single source for docs and severities.

Ranges: NT1xx vault and configuration, NT2xx reading one note, NT3xx links and targets,
NT4xx mapping and values, NT5xx layer tables and architecture arithmetic, NT6xx claims,
NT7xx queries, NT8xx building and outputs, NT9xx the site.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means. ``severity`` is its default level: info, warning or error."""

    severity: str
    title: str
    explanation: str


CODES: dict[str, Code] = {
    # NT1xx: vault and configuration -------------------------------------------------------
    "NT101": Code(
        "error",
        "Configuration unreadable",
        "`notetorch.toml` is not valid TOML or not UTF-8, so no setting of it is in force. Correct "
        "the line named; texts need quotes, lists brackets.",
    ),
    "NT102": Code(
        "warning",
        "Unknown setting",
        "The configuration has a key that means nothing here. It is ignored; correct its spelling "
        "or remove it.",
    ),
    "NT103": Code(
        "error",
        "Setting with a wrong value",
        "A setting has a value of the wrong type or outside its choices. Give it the form named as "
        "expected.",
    ),
    "NT104": Code(
        "warning",
        "Obsidian settings unreadable",
        "A file below `.obsidian` is not valid JSON, so Obsidian's defaults are used in its place. "
        "Open the vault in Obsidian and save the setting again, or repair the file.",
    ),
    "NT105": Code(
        "warning",
        "Excluded-files pattern unusable",
        "An entry of Obsidian's excluded files between slashes is not a valid regular expression, "
        "or takes too long. It excludes nothing until it is corrected.",
    ),
    "NT106": Code(
        "error",
        "Vault or file unreadable",
        "The disk did not give a file or folder of the vault: it does not exist, or permissions "
        "forbid it. What was generated from it earlier is kept.",
    ),
    "NT107": Code(
        "warning",
        "File name unusable",
        "A file name is not valid text, or two files have names that are the same once Unicode is "
        "normalised. Only one can be read; rename the other.",
    ),
    "NT108": Code(
        "warning",
        "Symbolic link not followed",
        "A symbolic link leads out of the vault, in a circle, or nowhere. What lies outside is not "
        "read, so that nobody's private file is published by accident; `follow_links = true` in "
        "the configuration allows it.",
    ),
    "NT109": Code(
        "warning",
        "Note too large",
        "A note is larger than any note written by hand (16 MiB). It is treated as an attachment.",
    ),
    "NT110": Code(
        "info",
        "Git history too long",
        "Reading when files were created and changed took git too long; pages show no dates, "
        "except those the notes' properties give.",
    ),
    "NT111": Code(
        "warning",
        "Names that differ only in case",
        "Two files have paths that are the same on systems that ignore case, and links cannot tell "
        "them apart: they go to the first. Rename one of them.",
    ),
    # NT2xx: reading one note ---------------------------------------------------------------
    "NT112": Code(
        "warning",
        "Trust claimed by the vault itself",
        "A configuration inside the vault says `trust_templates`. Templates are code, so only "
        "somebody outside the vault can vouch for them: the option `--trust-templates`, or a "
        "configuration that lies elsewhere. The setting is ignored.",
    ),
    "NT201": Code(
        "warning",
        "Note is not UTF-8",
        "Some bytes of the note are not UTF-8 text. They are shown as a replacement character; save "
        "the note as UTF-8.",
    ),
    "NT202": Code(
        "warning",
        "Front matter unreadable",
        "The lines between the first two `---` are not valid YAML, so the note has no properties. "
        "Correct the place named; texts that begin with a bracket, a brace or a sign need quotes.",
    ),
    "NT203": Code(
        "info",
        "Front matter without an end",
        "The note begins with `---`, but no second `---` line follows, so there is no front matter "
        "and the line is a divider. Add the closing line if properties were meant.",
    ),
    "NT204": Code(
        "info",
        "Front matter not on the first line",
        "A block that looks like front matter follows blank lines. Obsidian reads properties only "
        "from the very first line; remove what stands before it.",
    ),
    "NT205": Code(
        "warning",
        "Front matter without properties",
        "The front matter is a list or a text, not lines of `key: value`. It is not shown and gives "
        "no properties.",
    ),
    "NT206": Code(
        "warning",
        "Property written twice",
        "A property name stands twice in the front matter; the first one counts. Obsidian calls such "
        "properties invalid: remove one.",
    ),
    "NT207": Code(
        "warning",
        "Link in a property without quotes",
        "`[[Note]]` without quotes is a nested list in YAML, so it is no link in Obsidian. Put it in "
        "quotes.",
    ),
    "NT208": Code(
        "info",
        "Old form of a property",
        "Since version 1.9 Obsidian reads tags, aliases and cssclasses only under these names and as "
        "lists. The old form is read here; change it to keep it working in Obsidian.",
    ),
    "NT211": Code(
        "warning",
        "Formula cannot be shown",
        "The LaTeX of a formula is wrong or uses a command that is not known here. The page shows its "
        "source; correct it, or write it with other commands.",
    ),
    "NT212": Code(
        "info",
        "Formula never closed",
        "A line begins with `$$` and no closing `$$` follows in the same block. It is shown as text.",
    ),
    "NT213": Code(
        "warning",
        "Comment never closed",
        "`%%` begins a comment that nothing ends, so everything after it is hidden, as in Obsidian. "
        "Close it with `%%`.",
    ),
    "NT214": Code(
        "info",
        "Code block never closed",
        "A fence begins a code block that nothing ends, so the rest of the note (or quote, or list "
        "item) is code. Add the closing fence.",
    ),
    "NT215": Code(
        "info",
        "Fences nested at the same length",
        "An `ad-` block holds code fences as long as its own. They were paired by their languages; "
        "give the outer block more back-ticks, or write it as a callout.",
    ),
    "NT216": Code(
        "info",
        "Footnote missing",
        "A reference `[^id]` has no definition in the note and is shown as text.",
    ),
    "NT217": Code(
        "info",
        "Footnote without a reference",
        "A footnote is defined and nothing refers to it, so it is not shown.",
    ),
    "NT218": Code(
        "info",
        "HTML removed",
        "Raw HTML of a note is shown without scripts, style sheets, forms, plug-ins and frames that "
        "are not https.",
    ),
    "NT219": Code(
        "info",
        "Template command left in a note",
        "A Templater command stands in a note that is not in a template folder. It is shown as code "
        "and never run.",
    ),
    "NT220": Code(
        "warning",
        "Nested too deeply",
        "Quotes and lists within each other are read to a fixed depth; what lies deeper is left out.",
    ),
    "NT221": Code(
        "warning",
        "Block id written twice",
        "Two blocks of the note have the same `^id`; links go to the first. Rename one.",
    ),
    # NT3xx: links and targets --------------------------------------------------------------
    "NT301": Code(
        "info",
        "Note not written yet",
        "A link names a note that does not exist. Nothing needs doing if it is still to be "
        "written; otherwise correct the name.",
    ),
    "NT302": Code(
        "warning",
        "Attachment missing",
        "A link or embed names an image or other file that is not in the vault. Put the file there "
        "or correct its name; links to anything but notes need the file's extension.",
    ),
    "NT303": Code(
        "warning",
        "Heading or block missing",
        "The note that a link names exists, but not the heading or block in it. The link goes to "
        "the top of the note; correct the part after `#`.",
    ),
    "NT304": Code(
        "info",
        "Ambiguous link",
        "Several files have the name that a link gives. It goes where Obsidian would go; write "
        "more of the path to be sure.",
    ),
    "NT305": Code(
        "info",
        "Link resolved by an alias",
        "No file has the name that a link gives, but a note has it as an alias. Obsidian itself "
        "does not follow such links; write `[[Note|alias]]`.",
    ),
    "NT306": Code(
        "warning",
        "Canvas unreadable",
        "A `.canvas` file is not JSON Canvas, or some of its cards or connections are not; those "
        "that can be read are shown. Open it in Obsidian and save it again.",
    ),
    # NT4xx: mapping and values -------------------------------------------------------------
    "NT401": Code(
        "info",
        "Heading that nearly names an architecture",
        "A heading or title is one or two letters away from an architecture's name. Only exact "
        "names count; correct the spelling, or write `arch:: name` in the section, if it is meant.",
    ),
    "NT402": Code(
        "warning",
        "Unknown variant",
        "A heading names a known architecture with a number or letter that no known variant has, "
        "so nothing is generated from it: the default would be the wrong network. Name a known "
        "variant, or write the section's layers as a table.",
    ),
    "NT403": Code(
        "error",
        "Unknown architecture or variant",
        "`arch::`, `variant::` or a `notetorch` block names something that is neither a known "
        "architecture nor a variant of it, and the section has no layer table of its own. Correct "
        "the name; `arch:: none` keeps a section from being generated.",
    ),
    "NT404": Code(
        "error",
        "Contradicting statements",
        "A section says two different things about what it is (`arch`, `variant` or `module`). "
        "Remove one of the two lines named. Until then the last good module stays.",
    ),
    "NT405": Code(
        "error",
        "Value that does not fit",
        "A parameter's value has the wrong form or lies outside its range. Write one as the "
        "message expects; until then the section's last good module stays.",
    ),
    "NT406": Code(
        "error",
        "Two values disagree",
        "One section gives the same parameter two different values on one level, so neither can be "
        "taken. Remove one of the two lines named; until then the last good module stays.",
    ),
    "NT407": Code(
        "warning",
        "Unknown parameter",
        "A name that sets nothing: a field within one letter of a parameter's name, or a key under "
        "`notetorch:`, `params:` or `[values]` that no parameter has. Correct the spelling or "
        "remove it; `notetorch explain` lists the parameters.",
    ),
    "NT408": Code(
        "warning",
        "Same architecture with other values",
        "Two sections describe the same architecture with different values. The first keeps the "
        "architecture's name, this one becomes a model of its own under the name shown. Pin that "
        "name with `module:: name`, or remove the values.",
    ),
    "NT409": Code(
        "warning",
        "Module name not usable",
        "`module::` must be a Python identifier that no other model has. Another name is used, as "
        "shown; choose a free one.",
    ),
    "NT410": Code(
        "error",
        "`notetorch` block unreadable",
        "A fenced `notetorch` block is not valid YAML, or one of its keys holds the wrong kind of "
        "value. Correct the line named; until then the section's last good module stays.",
    ),
    "NT411": Code(
        "warning",
        "Unknown key",
        "A `notetorch` block or the `notetorch` property has a key that means nothing here. It is "
        "ignored; correct its spelling or remove it.",
    ),
    "NT412": Code(
        "error",
        "Settings in unreadable front matter",
        "The note's front matter mentions `notetorch` but is not valid YAML, so its values are not "
        "known and the note's models are left as they were. Correct the front matter.",
    ),
    "NT413": Code(
        "warning",
        "Setting for an unknown architecture",
        "`[names]` or `[values]` of the configuration names an architecture that does not exist. "
        "It is ignored; correct the name.",
    ),
    "NT414": Code(
        "error",
        "Architecture cannot be built",
        "With these values the network's layers do not fit together. The message says which layer "
        "and why; until it is corrected the last good module stays.",
    ),
    "NT415": Code(
        "warning",
        "Second layer table",
        "A section holds two layer tables, and only the first is used. Write all layers in one "
        "table, or give the second a heading of its own.",
    ),
    # NT5xx: layer tables and architecture arithmetic ---------------------------------------
    "NT501": Code(
        "error",
        "A family folder without a specification",
        "A folder under _notetorch/ defines a family and needs a spec.yaml. Run"
        " `notetorch new-family NAME` for a working one, or remove the folder.",
    ),
    "NT502": Code(
        "error",
        "A family's specification cannot be read",
        "spec.yaml is no valid YAML or says something a specification cannot say. The position is"
        " the place in the file; docs/families.md lists every key.",
    ),
    "NT503": Code(
        "error",
        "A family's variant cannot be built",
        "The rows of spec.yaml give no working network for the named variant: a layer does not fit"
        " what reaches it, or an expression fails. Correct the row, the parameter or the variant.",
    ),
    "NT504": Code(
        "info",
        "A family's template is not used",
        "A family in the vault has a template of its own. It is code, and runs only with "
        "`--trust-templates` or `trust_templates = true` in a configuration outside the vault; "
        "until then the family's layers are written out.",
    ),
    "NT505": Code(
        "error",
        "A family's template fails",
        "The template named in spec.yaml is missing, uses something that does not exist, does what "
        "its sandbox forbids, or gives text that is no Python. The last good module is kept; "
        "without one, the family's layers are written out.",
    ),
    "NT510": Code(
        "error",
        "A cell of a layer table cannot be read",
        "The table is one of layers, but this cell does not fit its column: a number, a window such"
        " as 3x3, or the name of a layer is expected. The section's last good model stays until the"
        " cell is corrected.",
    ),
    "NT511": Code(
        "error",
        "A layer row lacks a value",
        "The row names a layer whose width (or another value without a default) stands in no column."
        " Add the value, or a stated output size that holds the channels.",
    ),
    "NT512": Code(
        "error",
        "A layer row cannot be built",
        "What reaches this row does not fit it: a window larger than the map, groups that do not"
        " divide the channels, a linear layer on a map. Correct the row or one before it.",
    ),
    "NT514": Code(
        "info",
        "A table holds several configurations",
        "Nothing in the section says which column is meant, so the first one is used. Name the"
        " variant in the heading, set `variant::`, or keep one column.",
    ),
    "NT520": Code(
        "warning",
        "A stated size contradicts the arithmetic",
        "The size printed in the table is not what the rows above give. The model is built by the"
        " arithmetic. Correct the size, or the row's window, stride or padding.",
    ),
    "NT521": Code(
        "warning",
        "A stride contradicts the stated sizes",
        "Followed to the letter the table gives no working network, while its sizes do: the stride"
        " was taken from them. Correct the cell.",
    ),
    # NT6xx: claims -------------------------------------------------------------------------
    "NT601": Code(
        "warning",
        "A stated number is wrong",
        "What the note states does not agree with what was computed; the message shows the "
        "computation. Correct the number, or what it is computed from. The generated claims test "
        "of the note fails until then.",
    ),
    "NT602": Code(
        "warning",
        "A claim cannot be read",
        "A `claim::` field is no comparison in the claims language, or names a model or part that "
        "does not exist. docs/claims.md lists its functions.",
    ),
    # NT7xx: queries ------------------------------------------------------------------------
    "NT701": Code(
        "warning",
        "Query does not parse",
        "A Dataview query or expression is not valid; its place shows Dataview's own message. "
        "Correct it at the line and column named.",
    ),
    "NT702": Code(
        "warning",
        "Query failed",
        "A Dataview query is valid but could not be evaluated, for example because a function got "
        "the wrong types on every row. Its place shows Dataview's own message.",
    ),
    "NT703": Code(
        "warning",
        "Script failed",
        "A Dataview script stopped with an error, which its place shows. Often a linked note does "
        "not exist, so `dv.page(...)` gives nothing; the message names it.",
    ),
    "NT704": Code(
        "warning",
        "Script stopped",
        "A Dataview script took too long or needed too much memory and was ended; the rest of the "
        "vault is not affected.",
    ),
    "NT705": Code(
        "info",
        "Script ran with empty pages",
        "A Dataview script asked for the page of a note that does not exist and would fail in "
        "Obsidian. It was run again with an empty page in its place; `dataview_lenient = false` "
        "in the configuration shows the error.",
    ),
    "NT706": Code(
        "warning",
        "Part of a base unusable",
        "A filter, formula or summary of a base does not parse or fails; the base is shown "
        "without it, and rows that a broken filter should let through are left out.",
    ),
    # NT8xx: building and outputs -----------------------------------------------------------
    "NT801": Code(
        "error",
        "a generated file was edited by hand",
        "The file's body no longer has the hash of its header, so it is not overwritten; the new text "
        "is written beside it as `.new`. Move your edit into the note, or run `notetorch detach FILE` "
        "to make the file your own, or build with `--force` (a `.bak` is kept).",
    ),
    "NT802": Code(
        "info",
        "a file of your own stands where a generated one would",
        "The file has no notetorch header (you wrote or detached it), so the build leaves it alone. "
        "Delete it to have it generated again.",
    ),
    "NT803": Code(
        "warning",
        "an edited file that no note asks for any more",
        "The section behind this generated file is gone, but the file was edited by hand and therefore "
        "stays. Delete it or run `notetorch detach FILE`.",
    ),
    "NT804": Code(
        "warning",
        "an attachment cannot be copied",
        "The file could not be read or written while it was copied to the site. Check its permissions.",
    ),
    "NT806": Code(
        "error",
        "outputs are not current",
        "`build --check` compared the outputs with what the notes now give and found files that a build "
        "would write or remove. Run `notetorch build`.",
    ),
    "NT807": Code(
        "warning",
        "a section is refused and its last good outputs are kept",
        "The section names an architecture but cannot be built (see its errors). Its module, tests and "
        "page stay as the last good build left them and are marked stale.",
    ),
    # NT9xx: the site -----------------------------------------------------------------------
    "NT901": Code(
        "warning",
        "Page renamed",
        "Two files of the site would have paths that are the same on systems that ignore case, or one "
        "that the site needs itself. The later one in path order gets `~2`. Rename one of the notes.",
    ),
    "NT902": Code(
        "warning",
        "Permalink unusable",
        "A note's `permalink` names an address that another page has, or one below the reserved `-/`. "
        "The note is found at its usual address; choose another permalink.",
    ),
    "NT903": Code(
        "warning",
        "Embed within itself",
        "A note or section is embedded within itself, or a page would show hundreds of embeds within "
        "embeds. A link stands for the embed that would never end.",
    ),
}
