"""The data that the site's scripts load when they need it: folder tree, names, words.

Classic scripts that call a function, because a page opened from disk can load a script but not
fetch a file. Each is one file for the whole site, so pages themselves hold none of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.emit.site.context import Site, natural
from generator.emit.site.snippets import words
from generator.emit.site.urls import url


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the data scripts with their site paths."""
    yield "-/assets/tree.js", _script("ntTree", _tree(site, ""))
    yield "-/assets/names.js", _script("ntNames", _names(site))
    yield "-/assets/words.js", _script("ntWords", _words(site))
    yield ".nojekyll", b""


def _script(function: str, data: object) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Line separators end a statement in old JavaScript.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"{function}({text});\n".encode("utf-8", "replace")


def _tree(site: Site, folder: str) -> list[list[object]]:
    """A folder's content by name: ``[name, url, children]`` for folders, ``[title, url]`` for notes."""
    folders: list[list[object]] = []
    notes: list[list[object]] = []
    for path in site.contents[folder]:
        page = site.addresses.pages.get(path)
        if page is None:
            place = site.addresses.folders[path]
            folders.append([path.rpartition("/")[2], url(place), _tree(site, path)])
        elif page != site.addresses.folders[folder]:
            notes.append([site.name(path), url(page)])
    return [*_sorted(folders), *_sorted(notes)]


def _sorted(entries: list[list[object]]) -> list[list[object]]:
    return sorted(entries, key=lambda each: (natural(str(each[0])), str(each[1])))


def _names(site: Site) -> list[list[object]]:
    """What the finder finds: ``[kind, title, url, folder, aliases, headings]``.

    Kinds: ``n`` note, ``m`` model, ``t`` tag, ``f`` folder. Headings are ``[text, fragment]``.
    """
    rows: list[list[object]] = []
    for path, page in site.addresses.pages.items():
        note = site.notes.get(path)
        headings: list[list[str]] = []
        aliases: list[str] = []
        if note is not None:
            aliases = list(note.aliases)
            headings = [
                [site.plain(path, each.plain), url("", site.fragment(path, each.index))]
                for each in note.headings
                if not each.nested and each.plain.strip() and each.plain != note.title
            ]
        rows.append(["n", site.name(path), url(page), path.rpartition("/")[0], aliases, headings])
    for name, module in site.modules.items():
        place = url(site.addresses.models[name])
        others = sorted(set(module.models) - {name}, key=natural)
        rows.append(["m", name, place, "Models", others, []])
    for key, use in site.tags.items():
        rows.append(["t", f"#{use.name}", url(site.addresses.tags[key]), "Tags", [], []])
    for folder, page in site.addresses.folders.items():
        if folder:
            parent, _, name = folder.rpartition("/")
            rows.append(["f", name, url(page), parent, [], []])
    return rows


def _words(site: Site) -> list[list[object]]:
    """The notes' prose: ``[position in names, text]``."""
    return [
        [at, words(site, site.notes[path])]
        for at, path in enumerate(site.addresses.pages)
        if path in site.notes
    ]
