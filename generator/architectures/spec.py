"""Reading families: ``spec.yaml`` of a family folder becomes a typed :class:`Family`.

Built-in families lie in this package, further ones in a vault's ``_notetorch/<family>/`` folder, in
the same format (docs/families.md). A specification is data: its expressions are evaluated by
:mod:`generator.architectures.expressions`, which needs no trust. A broken one from a vault gives
diagnostics at its lines and no family; a broken built-in one is our bug and raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from keyword import iskeyword, issoftkeyword
from types import MappingProxyType

from generator.architectures.builder import ArchitectureError
from generator.architectures.expressions import ExpressionError
from generator.architectures.lower import expand_with_places, lower, resolve_params
from generator.architectures.model import (
    Family,
    Figure,
    NetworkSpec,
    Parameter,
    ParamType,
    ParamValue,
    Variant,
)
from generator.architectures.parameters import read_parameter
from generator.architectures.yaml_source import YamlError, YamlNode, read_yaml
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position

SPEC_FILE = "spec.yaml"
VAULT_FOLDER = "_notetorch"


def load_families(
    vault_folders: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
) -> tuple[tuple[Family, ...], tuple[Diagnostic, ...]]:
    """Give the built-in families, then the vault's in the order of their names.

    ``vault_folders`` maps a family's folder name to its files. A vault's family replaces a built-in
    one of the same name. Broken ones are left out, with diagnostics.
    """
    found = {each.name: each for each in built_in_families()}
    diagnostics: list[Diagnostic] = []
    for folder in sorted(vault_folders):
        path = f"{VAULT_FOLDER}/{folder}"
        content = vault_folders[folder].get(SPEC_FILE)
        if content is None:
            diagnostics.append(
                diagnostic(
                    "NT501",
                    Position(path),
                    f"the family folder has no {SPEC_FILE}",
                    hint="write one with `notetorch new-family`",
                )
            )
            continue
        family = _vault_family(folder, path, content, diagnostics)
        if family is not None:
            found[family.name] = family
    return tuple(found.values()), tuple(diagnostics)


@cache
def built_in_families() -> tuple[Family, ...]:
    """Read the built-in families once. Raises :class:`SpecError` when one is broken (our bug)."""
    folder = resources.files("generator.architectures") / "families"
    names = sorted(each.name for each in folder.iterdir() if (each / SPEC_FILE).is_file())
    return tuple(read_spec((folder / name / SPEC_FILE).read_text("utf-8"), name) for name in names)


def _vault_family(
    name: str, path: str, content: bytes, diagnostics: list[Diagnostic]
) -> Family | None:
    file = f"{path}/{SPEC_FILE}"
    try:
        family = read_spec(content.decode("utf-8", "replace"), name, folder=path)
        # Every variant must build, or the first note that uses it would fail.
        for network in family.networks:
            for variant in network.variants:
                lower(
                    network,
                    resolve_params(network, variant.params),
                    input_size=variant.input_size,
                )
    except SpecError as error:
        diagnostics.append(
            diagnostic(
                "NT502",
                Position(file, error.line, error.column),
                error.message,
                found=error.found,
                expected=error.expected,
            )
        )
        return None
    except ArchitectureError as error:
        diagnostics.append(
            diagnostic(
                "NT503",
                Position(file, *_place(error, network, variant)),
                f"variant {variant.name} cannot be built: {error.message}",
                found=error.found,
                expected=error.expected,
                hint=error.hint,
            )
        )
        return None
    return family


def _place(error: ArchitectureError, network: NetworkSpec, variant: Variant) -> tuple[int, int]:
    """Find the row template that an error is about; the file itself where it is about none."""
    if error.place is not None:
        return error.place
    if error.row < 0:
        return (1, 1)
    rows = expand_with_places(network, resolve_params(network, variant.params))
    return rows[min(error.row, len(rows) - 1)][1]


# ------------------------------------------------------------------ reading one specification


class SpecError(Exception):
    """A specification that says something it cannot say, at ``line`` and ``column``."""

    def __init__(
        self, message: str, node: YamlNode | None = None, *, found: str = "", expected: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = node.line if node else 1
        self.column = node.column if node else 1
        self.found = found
        self.expected = expected


def read_spec(text: str, name: str, *, folder: str = "") -> Family:
    """Read one specification; ``name`` is its folder's name. Raises :class:`SpecError`."""
    try:
        root = read_yaml(text)
    except YamlError as error:
        raise SpecError(error.message, YamlNode(None, error.line, error.column)) from None
    if not isinstance(root.value, dict):
        raise SpecError("a family's specification is a mapping", root)
    _known(root, FAMILY_KEYS)
    networks = tuple(_network(each) for each in _required_items(root, "networks"))
    family = Family(
        name=name,
        title=_text(root, "title") or name,
        names=tuple(dict.fromkeys((name, *_texts(root, "names")))),
        default=_text(root, "default") or networks[0].variants[0].name,
        networks=networks,
        homonyms=_texts(root, "homonyms"),
        hints=_hints(root),
        folder=folder,
    )
    if family.variant(family.default) is None:
        raise SpecError(f"there is no variant '{family.default}'", root.get("default"))
    return family


FAMILY_KEYS = ("title", "names", "homonyms", "default", "hints", "networks", "doc")
NETWORK_KEYS = (
    "module",
    "class",
    "doc",
    "papers",
    "formula",
    "input_size",
    "in_channels",
    "template",
    "parameters",
    "checks",
    "rows",
    "variants",
)
PARAMETER_KEYS = (
    "type",
    "default",
    "doc",
    "minimum",
    "maximum",
    "choices",
    "aliases",
    "columns",
    "argument",
    "required",
)
VARIANT_KEYS = (
    "params",
    "doc",
    "aliases",
    "published",
    "input_size",
    "figures",
    "mean",
    "std",
    "interpolation",
    "resize",
)
# Module and class names become Python names and file names.
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def _network(node: YamlNode) -> NetworkSpec:
    _known(node, NETWORK_KEYS)
    module = _identifier(node, "module")
    parameters = tuple(
        _parameter(name, each) for name, each in _mapping(node, "parameters").items()
    )
    bare = NetworkSpec(
        module=module,
        class_name=_identifier(node, "class"),
        parameters=parameters,
        variants=(),
        rows=tuple(_row(each) for each in _required_items(node, "rows")),
        doc=_text(node, "doc"),
        papers=_texts(node, "papers"),
        input_size=_integer(node, "input_size", 224),
        in_channels=_integer(node, "in_channels", 3),
        template=_text(node, "template"),
        formula=_text(node, "formula"),
        checks=_checks(node),
    )
    given = _mapping(node, "variants") or {module: YamlNode({}, node.line, node.column)}
    variants = tuple(_variant(name, each, bare) for name, each in given.items())
    return NetworkSpec(
        module=bare.module,
        class_name=bare.class_name,
        parameters=bare.parameters,
        variants=variants,
        rows=bare.rows,
        doc=bare.doc,
        papers=bare.papers,
        input_size=bare.input_size,
        in_channels=bare.in_channels,
        template=bare.template,
        formula=bare.formula,
        checks=bare.checks,
    )


def _parameter(name: str, node: YamlNode) -> Parameter:
    _known(node, PARAMETER_KEYS)
    _check_identifier(name, node)
    kind = _text(node, "type")
    if kind not in list(ParamType):
        raise SpecError(
            f"parameter {name} has no known type",
            node.get("type") or node,
            found=kind,
            expected=", ".join(ParamType),
        )
    columns = tuple(_parameter(key, each) for key, each in _mapping(node, "columns").items())
    draft = Parameter(
        name=name,
        type=ParamType(kind),
        default=0,
        doc=_text(node, "doc"),
        minimum=_number(node, "minimum"),
        maximum=_number(node, "maximum"),
        choices=_texts(node, "choices"),
        aliases=_texts(node, "aliases"),
        columns=columns,
        argument=_flag(node, "argument", default=True),
        required=_flag(node, "required", default=False),
    )
    default = node.get("default")
    if default is None:
        if not draft.required:
            raise SpecError(f"parameter {name} needs a default", node)
        return draft
    return Parameter(
        name=draft.name,
        type=draft.type,
        default=_value(draft, default),
        doc=draft.doc,
        minimum=draft.minimum,
        maximum=draft.maximum,
        choices=draft.choices,
        aliases=draft.aliases,
        columns=draft.columns,
        argument=draft.argument,
        required=draft.required,
    )


def _variant(name: str, node: YamlNode, network: NetworkSpec) -> Variant:
    if node.value is None:
        node = YamlNode({}, node.line, node.column)
    _known(node, VARIANT_KEYS)
    _check_identifier(name, node)
    params: dict[str, ParamValue] = {}
    for key, each in _mapping(node, "params").items():
        parameter = network.parameter(key)
        if parameter is None:
            raise SpecError(
                f"variant {name} sets an unknown parameter",
                each,
                found=key,
                expected=", ".join(known.name for known in network.parameters),
            )
        params[key] = _value(parameter, each)
    bare = Variant(name=name, params={}, doc="")
    return Variant(
        name=name,
        params=MappingProxyType(params),
        doc=_text(node, "doc"),
        aliases=_texts(node, "aliases"),
        published=_flag(node, "published", default=False),
        input_size=_integer(node, "input_size", network.input_size),
        figures=tuple(_figure(each) for each in _items(node, "figures")),
        mean=bare.mean if node.get("mean") is None else _numbers(node, "mean"),
        std=bare.std if node.get("std") is None else _numbers(node, "std"),
        interpolation=_text(node, "interpolation") or bare.interpolation,
        resize=_integer(node, "resize", bare.resize),
    )


def _figure(node: YamlNode) -> Figure:
    _known(node, ("what", "value", "source", "tolerance"))
    what = _text(node, "what")
    if what not in ("parameters", "macs"):
        raise SpecError("a figure's 'what' is parameters or macs", node, found=what)
    return Figure(
        what=what,
        value=_integer(node, "value", 0),
        source=_text(node, "source"),
        tolerance=_number(node, "tolerance") or 0.0,
    )


def _row(node: YamlNode) -> Mapping[str, object]:
    """Keep a row template as plain values, with the place it stands at."""
    if not isinstance(node.value, dict) or not ("type" in node.value or "for" in node.value):
        raise SpecError("a row is a mapping with 'type' (or 'for')", node)
    row: dict[str, object] = {"line": node.line, "column": node.column}
    for key, each in node.value.items():
        if key == "rows" and "for" in node.value:
            row[key] = tuple(_row(inner) for inner in _required_items(node, "rows"))
        else:
            row[key] = each.plain()
    return MappingProxyType(row)


def _checks(node: YamlNode) -> tuple[tuple[str, str], ...]:
    checks = []
    for each in _items(node, "checks"):
        _known(each, ("expect", "message"))
        checks.append((_text(each, "expect"), _text(each, "message")))
    return tuple(checks)


def _hints(root: YamlNode) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for variant in _mapping(root, "hints"):
        hints = root.get("hints")
        assert hints is not None
        found[variant] = _texts(hints, variant)
    return MappingProxyType(found)


def _value(parameter: Parameter, node: YamlNode) -> ParamValue:
    try:
        return read_parameter(parameter, node.plain())
    except ArchitectureError as error:
        raise SpecError(error.message, node, found=error.found, expected=error.expected) from None
    except ExpressionError as error:
        raise SpecError(str(error), node) from None


# ------------------------------------------------------------------ typed access to YAML


def _known(node: YamlNode, keys: tuple[str, ...]) -> None:
    if not isinstance(node.value, dict):
        raise SpecError("needs a mapping here", node)
    for key, each in node.value.items():
        if key not in keys:
            raise SpecError(f"unknown key '{key}'", each, found=key, expected=", ".join(keys))


def _mapping(node: YamlNode, key: str) -> dict[str, YamlNode]:
    each = node.get(key)
    if each is None or each.value is None:
        return {}
    if not isinstance(each.value, dict):
        raise SpecError(f"'{key}' needs a mapping", each)
    return each.value


def _items(node: YamlNode, key: str) -> tuple[YamlNode, ...]:
    each = node.get(key)
    if each is None or each.value is None:
        return ()
    if not isinstance(each.value, tuple):
        raise SpecError(f"'{key}' needs a list", each)
    return each.value


def _required_items(node: YamlNode, key: str) -> tuple[YamlNode, ...]:
    items = _items(node, key)
    if not items:
        raise SpecError(f"'{key}' is missing or empty", node.get(key) or node)
    return items


def _text(node: YamlNode, key: str) -> str:
    each = node.get(key)
    if each is None or each.value is None:
        return ""
    if isinstance(each.value, dict | tuple):
        raise SpecError(f"'{key}' needs text", each)
    return str(each.value).strip()


def _texts(node: YamlNode, key: str) -> tuple[str, ...]:
    each = node.get(key)
    if each is not None and isinstance(each.value, str):
        return (each.value,)
    found = []
    for item in _items(node, key):
        if isinstance(item.value, dict | tuple) or item.value is None:
            raise SpecError(f"'{key}' needs a list of texts", item)
        found.append(str(item.value))
    return tuple(found)


def _integer(node: YamlNode, key: str, default: int) -> int:
    each = node.get(key)
    if each is None:
        return default
    if not isinstance(each.value, int) or isinstance(each.value, bool):
        raise SpecError(f"'{key}' needs a whole number", each, found=str(each.value))
    return each.value


def _number(node: YamlNode, key: str) -> float | None:
    each = node.get(key)
    if each is None or each.value is None:
        return None
    if not isinstance(each.value, int | float) or isinstance(each.value, bool):
        raise SpecError(f"'{key}' needs a number", each, found=str(each.value))
    return each.value


def _numbers(node: YamlNode, key: str) -> tuple[float, ...]:
    found = []
    for each in _items(node, key):
        if not isinstance(each.value, int | float):
            raise SpecError(f"'{key}' needs numbers", each)
        found.append(float(each.value))
    return tuple(found)


def _flag(node: YamlNode, key: str, *, default: bool) -> bool:
    each = node.get(key)
    if each is None:
        return default
    if not isinstance(each.value, bool):
        raise SpecError(f"'{key}' needs true or false", each, found=str(each.value))
    return each.value


def _identifier(node: YamlNode, key: str) -> str:
    name = _text(node, key)
    if not name:
        raise SpecError(f"a network needs '{key}'", node)
    _check_identifier(name, node.get(key) or node)
    return name


def _check_identifier(name: str, node: YamlNode) -> None:
    plain = name.isidentifier() and set(name) <= NAME_CHARACTERS and not name.startswith("_")
    if not plain or iskeyword(name) or issoftkeyword(name):
        raise SpecError(f"'{name}' is no Python name", node, found=name)
