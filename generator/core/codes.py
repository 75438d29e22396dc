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
    # NT4xx: mapping and values -------------------------------------------------------------
    # NT5xx: layer tables and architecture arithmetic ---------------------------------------
    # NT6xx: claims -------------------------------------------------------------------------
    # NT7xx: queries ------------------------------------------------------------------------
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
    "NT805": Code(
        "error",
        "an output folder is not ours",
        "The folder holds files but none that notetorch wrote, so nothing is written there. Choose "
        "another folder with `--models` or `--site`, or empty it.",
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
    "NT808": Code(
        "error",
        "an output file cannot be written",
        "The operating system refused to write the file (see what it said). Check the folder's "
        "permissions and the space left.",
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
        "A note's `permalink` names an address that another page has, that is empty, or that begins "
        "with the reserved `-/`. The note is found at its usual address; choose another permalink.",
    ),
    "NT903": Code(
        "warning",
        "Embed within itself",
        "A note or section is embedded within itself, or a page would show hundreds of embeds within "
        "embeds. A link stands for the embed that would never end.",
    ),
}
