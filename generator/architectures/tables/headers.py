"""What a column is, by its header: the layer's type, a size, a field of the layer, or a remark.

A header may name two things at once (``Kernel / Stride``); its cells then do, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from generator.architectures.blocks import BLOCKS
from generator.architectures.blocks.fields import ROW_FIELDS, fold
from generator.architectures.tables.text import key, normal, without_symbols
from generator.notes.model import Cell

TYPE, NAME, OUTPUT, INPUT, CHANNELS_IN, REMARK, FIELD, UNKNOWN = (
    "type",
    "name",
    "output",
    "input",
    "channels in",
    "remark",
    "field",
    "unknown",
)

# Folded headers (see :func:`.text.key`) with a meaning of their own.
SPECIAL: dict[str, str] = {
    **dict.fromkeys(
        (
            "type", "layer", "layers", "layertype", "operator", "operation", "op", "module",
            "blocktype", "kind", "component", "typeoflayer", "layername/type", "layer/type",
            "operations", "layeroperation", "layerdescription", "structure", "configuration",
            "层", "层类型", "类型", "操作", "网络层", "レイヤー", "層", "種類", "レイヤ", "타입",
            "레이어", "계층", "종류", "층", "schicht", "schichttyp", "typ", "couche", "capa",
            "tipo", "tipodecapa", "слой", "тип", "typedecouche", "camada", "strato",
        ),
        TYPE,
    ),
    **dict.fromkeys(
        (
            "name", "layername", "id", "no", "#", "nr", "index", "idx", "stage", "block", "number",
            "blockname", "stagename", "groupname", "层名", "名称", "名前", "이름", "nombre", "nom", "имя", "№",
            "序号", "编号", "番号", "번호", "layer#", "#layer",
        ),
        NAME,
    ),
    **dict.fromkeys(
        (
            "outputsize", "outputshape", "output", "outsize", "sizeout", "outshape",
            "outputdimensions", "outputdimension", "outputvolume", "outputresolution", "resolution",
            "featuremapsize", "activationshape", "activationsize", "mapsize", "spatialsize",
            "outputtensor", "outputfeaturemap", "shape", "volume", "tensorsize", "tensorshape",
            "outputvolumesize", "featuremapshape", "outputimage",
            "activationmap", "dimensions", "输出", "输出尺寸",
            "输出大小", "输出形状", "出力", "出力サイズ", "出力形状", "출력", "출력크기",
            "ausgabe", "ausgabegröße", "sortie", "tailledesortie", "salida", "tamañodesalida",
            "выход", "размервыхода", "outputs",
        ),
        OUTPUT,
    ),
    **dict.fromkeys(
        (
            "inputsize", "inputshape", "input", "insize", "sizein", "inshape", "inputresolution",
            "inputdimensions", "inputvolume", "输入", "输入尺寸", "输入大小", "入力", "入力サイズ",
            "입력", "입력크기", "eingabe", "entrée", "entrada", "вход",
        ),
        INPUT,
    ),
    **dict.fromkeys(
        (
            "in", "inchannels", "inputchannels", "cin", "infeatures", "inputfeatures", "inputdepth",
            "输入通道", "输入通道数", "入力チャネル", "입력채널", "eingabekanäle",
        ),
        CHANNELS_IN,
    ),
    **dict.fromkeys(
        (
            "params", "#params", "parameters", "#parameters", "param", "param#", "#param",
            "numparams", "numberofparameters", "trainableparameters", "weights", "#weights", "ops",
            "flops", "macs", "multadds", "madds", "maccs", "mult/adds", "comment", "comments",
            "note", "notes", "remark", "remarks", "description", "memory", "connections",
            "trainable", "purpose", "formula", "calculation", "cost", "why", "role", "time",
            "latency", "receptivefieldsize", "rf", "参数", "参数量", "备注", "说明", "パラメータ数",
            "備考", "파라미터", "비고", "parameter", "bemerkung", "paramètres", "remarque",
            "parámetros", "nota", "notas", "параметры", "примечание", "initialization",
            "initialisation", "biases",
        ),
        REMARK,
    ),
}  # fmt: skip


# What tables report beside the layers themselves.
MEASURED = re.compile(r"param|sparsity|bits|prun|flop|\bops\b|macs?\b|mult|latency|error|accuracy")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's meaning. ``fields`` are the field names a FIELD header spells, one per part."""

    kind: str
    spellings: tuple[str, ...] = ()


def read_header(cell: Cell) -> Column:
    """Say what a column is. ``spellings`` keep the header's parts for looking up block fields."""
    found = _read(normal(cell).replace("\n", " "))
    if found.kind == UNKNOWN and (words := without_symbols(cell)):
        return _read(words.replace("\n", " "))
    return found


@lru_cache(maxsize=1024)
def _read(text: str) -> Column:
    folded = key(text)
    if (kind := SPECIAL.get(folded)) is not None:
        return Column(kind, (text,))
    bare = re.sub(r"\([^()]*\)", " ", text).strip()
    for spelling in (text, bare):
        if is_field(spelling):
            return Column(FIELD, (spelling,))
    if MEASURED.search(text.casefold()):
        return Column(REMARK, (text,))
    parts = tuple(each.strip() for each in re.split(r"\s*/\s*|\s*,\s*", bare) if each.strip())
    if len(parts) > 1:
        kinds = [_part_kind(each) for each in parts]
        if kinds[0] == TYPE and kinds[1] in (FIELD, TYPE, NAME):
            return Column(TYPE, parts)
        if kinds[0] == NAME and kinds[1] == TYPE:
            return Column(TYPE, parts)
        if all(each == FIELD for each in kinds):
            return Column(FIELD, parts)
    return Column(UNKNOWN, (text,))


def _part_kind(text: str) -> str:
    special = SPECIAL.get(key(text))
    return special or (FIELD if is_field(text) else UNKNOWN)


def is_field(text: str) -> bool:
    """Say whether some row type has a field of this name."""
    return fold(text) in _fields() or key(text) in _fields()


@cache
def _fields() -> frozenset[str]:
    return frozenset(
        fold(spelling)
        for field in (*ROW_FIELDS, *(each for block in BLOCKS for each in block.fields))
        for spelling in (field.name, *field.synonyms)
    )
