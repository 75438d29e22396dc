"""Module plans to test files: tables from the IR, laid out by a template, formatted by ruff.

Input: a :class:`ModulePlan`. Output: ``tests/test_<module>.py`` beside the generated modules, and
the files every such folder shares. What the tests expect comes from the IR, the families' published
figures and ``reference.py``; nothing is read off the template that writes the module.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import jinja2

from generator.emit.models.formatting import format_sources
from generator.emit.models.header import with_header
from generator.emit.models.literals import comment, literal
from generator.emit.models.plan import ModulePlan
from generator.emit.tests.subject import Subject, subject_of
from generator.emit.tests.tables import Facts, network_source

SHARED = ("__init__", "conftest", "reference", "checks")
_EXPORTED = re.compile(r"^(?:class|def) ([A-Za-z]\w*)|^([A-Z]\w*)\b.* = ", re.MULTILINE)
_WORD = re.compile(r"\b[A-Za-z]\w*\b")


def render_test(plan: ModulePlan) -> str:
    """Render one module's test file, header included."""
    return render_tests([plan])[plan.module]


def render_tests(plans: Iterable[ModulePlan]) -> dict[str, str]:
    """Render test files with one call of the formatter; gives module name to text."""
    by_name = {plan.module: plan for plan in plans}
    formatted = format_sources({name: _body(plan) for name, plan in by_name.items()})
    return {
        name: with_header(formatted[name], sources=plan.sources, spec=repr(plan))
        for name, plan in by_name.items()
    }


@functools.cache
def shared_files() -> Mapping[str, str]:
    """Give the files that all tests of a folder share: file name to text, header included."""
    texts = {f"{name}.py": _shared(name) for name in SHARED}
    return {name: with_header(text, sources=(), spec=text) for name, text in texts.items()}


def _body(plan: ModulePlan) -> str:
    """Fill the test template; not yet formatted."""
    own = _family_part(plan)
    settings = own.module if own is not None else None
    subject = subject_of(plan, heads=tuple(getattr(settings, "heads", ())))
    records: Mapping[str, str] = getattr(settings, "records", {})
    own_tests = str(settings).strip() if settings is not None else ""
    arguments = functools.partial(_argument, records=records)
    body = _environment().get_template("test_module.py.jinja").render(
        module=plan.module,
        class_name=plan.class_name,
        forms=tuple(subject.facts),
        facts=subject.facts,
        published=subject.published,
        small=[
            {
                "name": each.name,
                "arguments": _dictionary(
                    {key: arguments(key, value) for key, value in each.changed.items()}
                ),
                "smallest": each.smallest,
                "other_image": literal(each.other_image),
                "network": network_source(each.network),
            }
            for each in subject.small
        ],
        changed=[(name, arguments(name, value), each) for name, value, each in subject.changed],
        refused=[(name, arguments(name, value), error) for name, value, error in subject.refused],
        heads=literal(subject.heads),
        initialise="initialise" if "def initialise(" in own_tests else "None",
        own_tests=own_tests,
    )
    return _with_imports(body, plan, subject, records)
