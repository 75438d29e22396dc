"""The kinds of pages, one module each, with its template beside it.

Each module plans its pages from the site and holds a
:class:`~generator.emit.site.model.PageKind` called ``KIND``. Page kinds know nothing of each other.
"""
