"""Module plans to Python source: templates arrange the text, ruff formats it, a header goes on top.

A template sees the plan's fields, the parts every module shares (``parts.jinja``) and a few filters;
it has no way to put a value into the source but as a checked literal, an escaped docstring or a
one-line comment.
"""

from __future__ import annotations

import ast
import functools
import textwrap
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

import jinja2
import jinja2.sandbox

from generator.architectures.model import NetworkSpec, ParamValue
from generator.emit.compiled import CompiledTemplates
from generator.emit.models.formatting import format_sources
from generator.emit.models.generic import Generic, NetworkClass, describe
from generator.emit.models.header import with_header
from generator.emit.models.literals import docstring, literal, one_line
from generator.emit.models.plan import (
    IMPORTED_NAMES,
    Info,
    ModulePlan,
    RenderedVariant,
    class_name,
)

GENERIC = "generic.py.jinja"

# Classes that the generic template defines itself.
_HELPERS = ("ScaledTanh", "PadShortcut", "TrainableSubsample", "SparseConv2d", "RadialBasis")


def render_module(plan: ModulePlan) -> str:
    """Render one module, header included."""
    return render_modules([plan])[plan.module]


def render_modules(plans: Iterable[ModulePlan]) -> dict[str, str]:
    """Render modules, with one call of the formatter; gives module name to text."""
    by_name = {plan.module: plan for plan in plans}
    formatted = format_sources({name: _body(plan) for name, plan in by_name.items()})
    return {
        name: with_header(formatted[name], sources=plan.sources, spec=plan.fingerprint())
        for name, plan in by_name.items()
    }


def _body(plan: ModulePlan) -> str:
    """Fill the plan's template; not yet formatted."""
    if plan.template_source:
        template = environment(sandboxed=True).from_string(plan.template_source)
    else:
        template = environment(sandboxed=False).get_template(plan.template or GENERIC)
    networks = plan.networks()
    generic = None if plan.template or plan.template_source else _generic(plan)
    return template.render(
        plan=plan,
        family=plan.family,
        network=plan.network,
        module=plan.module,
        class_name=plan.class_name,
        doc=plan.doc,
        defaults=plan.defaults,
        variants=plan.variants,
        own=plan.own,
        named=plan.named,
        all=networks,
        sources=plan.sources,
        papers=plan.papers,
        formula=plan.formula,
        inputs=_inputs(networks),
        generic=generic,
        generic_classes=[] if generic is None else _generic_classes(plan, generic),
        tables=functools.partial(Tables, _named_first(plan), plan.defaults),
    )


def _generic(plan: ModulePlan) -> Generic:
    """Describe the networks of a plan without a template."""
    irs = []
    for network in plan.networks():
        assert network.ir is not None
        irs.append(network.ir)
    return describe(irs, taken=frozenset({*_class_names(plan), *_HELPERS, *IMPORTED_NAMES}))


def _generic_classes(
    plan: ModulePlan, generic: Generic
) -> list[tuple[RenderedVariant, NetworkClass, str]]:
    """Pair each factory with its class; each network has one of its own."""
    return list(zip(plan.networks(), generic.networks, _class_names(plan), strict=True))


def _class_names(plan: ModulePlan) -> list[str]:
    networks = plan.networks()
    if len(networks) == 1:
        return [plan.class_name]
    return [class_name(each.name) for each in networks]


class Tables:
    """The distinct values a table-like parameter takes in a module, each with a constant's name.

    ``items`` are (constant, value) pairs in order of first use.
    """

    def __init__(
        self,
        networks: tuple[RenderedVariant, ...],
        defaults: Mapping[str, ParamValue],
        name: str,
        prefix: str = "",
    ) -> None:
        prefix = prefix or name.upper()
        self.items: list[tuple[str, ParamValue]] = []
        for network in networks:
            if all(value != network.params[name] for _, value in self.items):
                self.items.append((f"{prefix}_{network.name.upper()}", network.params[name]))
        if all(value != defaults[name] for _, value in self.items):
            self.items.insert(0, (f"{prefix}_DEFAULT", defaults[name]))

    def constant(self, given: ParamValue) -> str:
        """Give the name of the constant that holds a value."""
        return next(constant for constant, value in self.items if value == given)


def _named_first(plan: ModulePlan) -> tuple[RenderedVariant, ...]:
    """Order networks so that a table the notes leave as it is keeps its published name."""
    own = plan.own
    return plan.networks() if own is None else (*plan.variants, own)


def _inputs(networks: tuple[RenderedVariant, ...]) -> tuple[tuple[str, Info], ...]:
    """Name the distinct expectations on inputs: ``INPUT``, or ``INPUT_1`` … where there are several."""
    distinct: dict[tuple[object, ...], Info] = {}
    for each in networks:
        distinct.setdefault(_expectation(each.info), each.info)
    if len(distinct) == 1:
        return tuple(("INPUT", info) for info in distinct.values())
    return tuple((f"INPUT_{number}", info) for number, info in enumerate(distinct.values(), 1))


def _expectation(info: Info) -> tuple[object, ...]:
    return (info.input_size, info.mean, info.std, info.interpolation, info.resize)


def template_problem(plan: ModulePlan) -> tuple[int, str] | None:
    """Try a module's own template: the line at fault and what is wrong, ``None`` if it gives Python."""
    return problem_in(lambda: _body(plan))


def problem_in(render: Callable[[], str]) -> tuple[int, str] | None:
    """Say what is wrong with a template from a vault that should give Python, and in which line.

    What does not show in the template's lines (text that is no Python) stands at the first.
    """
    try:
        ast.parse(render())
    except jinja2.TemplateSyntaxError as error:
        return error.lineno, error.message or "syntax"
    except (SyntaxError, ValueError) as error:
        return 1, f"what it gives is no Python: {error}"
    except Exception as error:
        return _template_line(error.__traceback__), f"{type(error).__name__}: {error}"
    return None


def _template_line(trace: TracebackType | None) -> int:
    """Find the innermost line of a template in a traceback; 1 where there is none."""
    line = 1
    while trace is not None:
        code = trace.tb_frame.f_code
        compiled = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(compiled, jinja2.Template):
            line = compiled.get_corresponding_lineno(trace.tb_lineno)
        elif code.co_filename == "<template>":  # Jinja has put the template's own line here
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@jinja2.pass_context
def _input_constant(context: jinja2.runtime.Context, info: Info) -> str:
    """Filter: the constant of :func:`_inputs` that holds this network's expectation."""
    pairs: tuple[tuple[str, Info], ...] = context["inputs"]
    return next(name for name, each in pairs if _expectation(each) == _expectation(info))


@jinja2.pass_context
def _parameter_type(context: jinja2.runtime.Context, name: str) -> str:
    """Filter: the type of a parameter of the network class, as its specification writes it."""
    network: NetworkSpec | None = context["network"]
    parameter = None if network is None else network.parameter(name)
    return "" if parameter is None else parameter.type.value


def _factory_docstring(variant: RenderedVariant) -> str:
    """Filter: a factory's docstring, a sentence with its parameter count."""
    summary = variant.doc.strip().rstrip(".")
    summary = summary[:1].upper() + summary[1:]
    return docstring(_wrap(f"{summary}: {variant.info.parameters:,} parameters.", 80))


def _wrap(text: str, width: int, indent: str = "") -> str:
    """Filter: break text into lines, all but the first indented."""
    return textwrap.fill(
        " ".join(text.split()),
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@functools.cache
def environment(*, sandboxed: bool) -> jinja2.Environment:
    """Make the template environment; templates from a vault get Jinja's sandbox and only the shared
    parts to include."""
    shared = jinja2.PackageLoader("generator.emit.models", "templates")
    options: dict[str, Any] = {
        "undefined": jinja2.StrictUndefined,
        "autoescape": False,  # the output is Python; values pass through the literal filters
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }
    environment: jinja2.Environment
    if sandboxed:
        environment = jinja2.sandbox.ImmutableSandboxedEnvironment(loader=shared, **options)
    else:
        families = jinja2.PackageLoader("generator.architectures", "families")
        environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader([shared, families]),
            bytecode_cache=CompiledTemplates("code"),
            **options,
        )
    environment.filters |= {
        "lit": literal,
        "docstring": docstring,
        "one_line": one_line,
        "wrap": _wrap,
        "factory_docstring": _factory_docstring,
        "input_constant": _input_constant,
        "parameter_type": _parameter_type,
    }
    return environment
