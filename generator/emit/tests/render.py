"""Module plans to test files: tables from the IR, laid out by a template, formatted by ruff.

Input: a :class:`ModulePlan`. Output: ``tests/test_<module>.py`` beside the generated modules, and
the files every such folder shares. What the tests expect comes from the IR, the families' published
figures and ``reference.py``; nothing is read off the template that writes the module.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

import jinja2
import jinja2.sandbox

from generator.architectures.arithmetic import head, parameters, shapes
from generator.architectures.ir import (
    BatchNorm2d,
    Conv2d,
    Network,
    RadialBasis,
    SparseConv2d,
    TrainableSubsample,
)
from generator.architectures.model import ParamValue
from generator.emit.compiled import CompiledTemplates
from generator.emit.models.formatting import format_sources
from generator.emit.models.header import with_header
from generator.emit.models.literals import comment, literal
from generator.emit.models.plan import TEST_TEMPLATE, ModulePlan
from generator.emit.models.render import problem_in
from generator.emit.tests.imports import import_block, names_of
from generator.emit.tests.subject import (
    Refusal,
    SmallForm,
    Subject,
    is_generic,
    networks_of,
    subject_of,
)
from generator.emit.tests.tables import Facts, network_source

SHARED = ("__init__", "conftest", "reference", "checks")
LARGE = 3_000_000  # parameters; a form with more takes seconds to run in float64
MARK = "IMPORTS"  # where the template wants them


def render_test(plan: ModulePlan) -> str:
    """Render one module's test file, header included."""
    return render_tests([plan])[plan.module]


def render_tests(plans: Iterable[ModulePlan]) -> dict[str, str]:
    """Render test files with one call of the formatter; gives module name to text."""
    by_name = {plan.module: plan for plan in plans}
    formatted = format_sources({name: _body(plan) for name, plan in by_name.items()})
    return {
        name: with_header(formatted[name], sources=plan.sources, spec=plan.fingerprint())
        for name, plan in by_name.items()
    }


@functools.cache
def shared_files() -> Mapping[str, str]:
    """Give the files that all tests of a folder share: file name to text, header included."""
    texts = {f"{name}.py": _shared(name) for name in SHARED}
    return {name: with_header(text, sources=(), spec=text) for name, text in texts.items()}


def _body(plan: ModulePlan) -> str:
    """Fill the test template and put the imports in; not yet formatted."""
    settings = _family_part(plan)
    subject = subject_of(plan, heads=tuple(getattr(settings, "heads", ())))
    context = _context(plan, subject, getattr(settings, "records", {}))
    context["own_tests"] = own_tests = str(settings).strip() if settings is not None else ""
    known_start = is_generic(plan) or "def initialise(" in own_tests
    context["initialise"] = "initialise" if known_start else "None"
    names = [*subject.facts] if is_generic(plan) else [*subject.facts, plan.class_name]
    template = _environment().get_template("test_module.py.jinja")
    shared = {name: _shared(name) for name in ("checks", "reference")}
    aliases = {name: name for name in names}
    body = template.render(context, aliases=aliases)
    found = names_of(body.replace(MARK, "", 1))
    clashes = found.taken(shared) & set(names)
    if clashes:
        aliases |= {name: f"{name}_of_notes" for name in clashes}
        body = template.render(context, aliases=aliases)
        found = names_of(body.replace(MARK, "", 1))
    imports = import_block(found, module=plan.module, aliases=aliases, shared=shared)
    return body.replace(MARK, imports, 1)


def tests_problem(plan: ModulePlan) -> tuple[int, str] | None:
    """Try the tests that a vault's family adds: the line at fault and what is wrong, if anything is."""
    return problem_in(lambda: str(_family_part(plan))) if plan.test_source else None


def _context(plan: ModulePlan, subject: Subject, records: Mapping[str, str]) -> dict[str, object]:
    """Put what the subject says into the words of the test file."""
    present = subject.small[0].changed
    tables = [name for name in records if name in present]
    defaults = {name: plan.defaults[name] for name in tables}
    nodes = [node for each in subject.small for node in each.network.nodes]
    return {
        "module": plan.module,
        "class_name": plan.class_name,
        "generic": is_generic(plan),
        "infos": _grouped(plan),
        "sources": plan.sources,
        "papers": plan.papers,
        "some": _some(subject),
        # How a class from the generic emitter begins is torch's way but for these.
        "reproducible": not is_generic(plan)
        or not any(isinstance(node.op, SparseConv2d | TrainableSubsample) for node in nodes),
        "folded": _folded(plan, subject),
        **_classifying(plan, subject),
        "facts": subject.facts,
        "published": subject.published,
        "known": _known(plan),
        "widest": subject.widest,
        "columns": bool(tables),
        "small": list(_small(subject, records)),
        "changed": [
            (*_change(name, value, of=present, records=records), each)
            for name, value, each in subject.changed
        ],
        "refused": [
            (
                *_change(each.argument, each.value, of=defaults, records=records),
                each.error,
                _message(each, named=each.argument not in records, own=plan.template_source != ""),
            )
            for each in subject.refused
        ],
        "heads": literal(subject.heads),
    }


def _family_part(plan: ModulePlan) -> Any:
    """Render the tests a family adds; ``None`` where it has none.

    The template may set ``heads`` (key prefixes), ``records`` (the class of a table parameter's
    rows in the module), and define ``initialise`` besides test functions.
    """
    if plan.family is None or plan.network is None:
        return None
    if plan.test_source:
        template = _environment(sandboxed=True).from_string(plan.test_source)
    elif plan.family.folder or not plan.template:
        return None
    else:
        try:
            template = _environment().get_template(f"{plan.family.name}/{TEST_TEMPLATE}")
        except jinja2.TemplateNotFound:
            return None
    # The class decides, whatever module a note has it in.
    return template.make_module({"module": plan.network.module, "class_name": plan.class_name})


def _folded(plan: ModulePlan, subject: Subject) -> str:
    """Write what the folding test runs over: nothing for a module without batch norms, and those
    networks only that have some where each is a class of its own."""
    normed = [each.name for each in subject.small if any(_folds(each.network))]
    large = _is_large(subject)
    if is_generic(plan) and len(normed) < len(subject.small):
        return literal(tuple(normed[:1] if large else normed)) if normed else ""
    return "" if not normed else _some(subject)


def _classifying(plan: ModulePlan, subject: Subject) -> dict[str, object]:
    """Name the networks whose last layer has one output per class, and those that have no such layer
    (a decoder, a network that ends in a sum) with the outputs they keep."""
    if not is_generic(plan):
        return {"classifying": _some(subject), "fixed": ()}
    ended = {each.name: each.network for each in subject.small if head(each.network) is None}
    fixed = tuple((name, shapes(each)[each.result][0]) for name, each in ended.items())
    named = [each.name for each in subject.small if each.name not in ended]
    if not ended:
        return {"classifying": _some(subject), "fixed": fixed}
    return {"classifying": literal(tuple(named)) if named else "", "fixed": fixed}


def _folds(network: Network) -> Iterator[bool]:
    """Yield for each batch norm that stands alone behind a convolution."""
    for node in network.nodes:
        if isinstance(node.op, BatchNorm2d):
            source = node.inputs[0]
            readers = sum(each.inputs.count(source) for each in network.nodes)
            if isinstance(network.nodes[source].op, Conv2d) and readers == 1:
                yield True


def _some(subject: Subject) -> str:
    return "SOME" if len(subject.small) > 1 and _is_large(subject) else "SMALL"


def _is_large(subject: Subject) -> bool:
    return any(parameters(each.network) > LARGE for each in subject.small)


def _grouped(plan: ModulePlan) -> list[tuple[tuple[str, ...], str]]:
    """Pair the networks that expect the same of their input with what ``INFO`` should say."""
    groups: dict[str, list[str]] = {}
    for each, network in networks_of(plan):
        info = each.info
        entries: dict[str, ParamValue] = {
            "published": info.published,
            "mean": info.mean,
            "std": info.std,
            "interpolation": info.interpolation,
            "resize": info.resize,
        }
        if isinstance(network.nodes[network.result].op, RadialBasis):
            entries["output"] = "distances"
        groups.setdefault(literal(entries), []).append(each.name)
    return [(tuple(names), entries) for entries, names in groups.items()]


def _message(refusal: Refusal, *, named: bool, own: bool) -> str:
    """List words of the exception's message. Of a table's row it names the column or the row; a
    vault's ``own`` template says it as it likes."""
    if own:
        return ""
    return " ".join([refusal.argument, *refusal.told] if named else refusal.told)


def _known(plan: ModulePlan) -> str:
    """List the arguments as the message about an unknown one should."""
    own = plan.network.parameters if plan.network is not None and not is_generic(plan) else ()
    if plan.template_source:  # a vault's own template may have more
        return "qqqq in_channels num_classes"
    arguments = {each.name for each in own if each.argument}
    return "qqqq " + ", ".join(sorted(arguments | {"in_channels", "num_classes", "memory_format"}))


def _small(subject: Subject, records: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Write the small forms, the later ones in terms of those before."""
    before: dict[str, SmallForm] = {}
    for each in subject.small:
        networks = {f"{place}.network": other.network for place, other in before.items()}
        yield {
            "name": each.name,
            "arguments": _arguments(each.changed, before, records=records),
            "smallest": each.smallest,
            "other_image": literal(each.other_image),
            "network": network_source(each.network, indent=4, earlier=networks),
        }
        before[f'SMALL["{each.name}"]'] = each


def _arguments(
    changed: Mapping[str, ParamValue],
    before: Mapping[str, SmallForm],
    *,
    records: Mapping[str, str],
) -> str:
    """Write constructor arguments: a table's rows one a line, or as an earlier form has them."""
    written = []
    for name, value in changed.items():
        same = [place for place, each in before.items() if each.changed.get(name) == value]
        if name in records and same:
            text = f'{same[0]}.arguments["{name}"]'
        else:
            text = _argument(name, value, records=records)
        written.append(f'"{name}": {text}')
    return "{" + ", ".join(written) + "}"


def _argument(name: str, value: object, *, records: Mapping[str, str]) -> str:
    """Write a constructor argument: the rows of a table as the module's own record class.

    The formatter leaves tables alone, so quotes and indentation are set here.
    """
    if name in records and isinstance(value, tuple):
        rows = [each for each in value if isinstance(each, Mapping)]
        written = [
            f"{records[name]}({', '.join(f'{key}={_quoted(each)}' for key, each in row.items())})"
            for row in rows
        ]
        return "(\n" + "".join(f"        {row},\n" for row in written) + "    )"
    return _quoted(value)


def _change(
    name: str,
    value: ParamValue,
    *,
    of: Mapping[str, ParamValue],
    records: Mapping[str, str],
) -> tuple[str, str]:
    """Write a changed argument: its name and value, or the column of the first row of a table and
    what that becomes, where it is all that changed."""
    match value, of.get(name):
        case ((Mapping() as row, *_), (Mapping() as old, *_)) if name in records:
            columns = [column for column in row if row[column] != old.get(column)]
            if len(columns) == 1:
                return f"{name}.{columns[0]}", _quoted(row[columns[0]])
    return name, _argument(name, value, records=records)


def _quoted(value: object) -> str:
    text = literal(value)  # type: ignore[arg-type]
    return text if '"' in text else text.replace("'", '"')


@functools.cache
def _shared(name: str) -> str:
    return (resources.files("generator.emit.tests") / "templates" / f"{name}.py.txt").read_text(
        "utf-8"
    )


def _facts(value: Facts) -> str:
    """Filter: the source of a ``Facts(...)``."""
    macs = "None" if value.macs is None else literal(value.macs)
    numbers = f"{literal(value.parameters)}, {macs}, {literal(value.input_shape)}"
    digests = ", ".join(f'{count}, "{text}"' for count, text in (value.state, value.layers))
    return f"Facts({numbers}, {digests})"


@functools.cache
def _environment(*, sandboxed: bool = False) -> jinja2.Environment:
    """Make the template environment; a vault's own tests get Jinja's sandbox and nothing to include."""
    shared = jinja2.PackageLoader("generator.emit.tests", "templates")
    families = jinja2.PackageLoader("generator.architectures", "families")
    kind = jinja2.sandbox.ImmutableSandboxedEnvironment if sandboxed else jinja2.Environment
    environment = kind(
        loader=None if sandboxed else jinja2.ChoiceLoader([shared, families]),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # the output is Python; values pass through the literal filters
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=None if sandboxed else CompiledTemplates("code"),
    )
    environment.filters |= {"lit": literal, "comment": comment, "facts": _facts}
    return environment
