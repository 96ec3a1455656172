"""Python settings such as `pelicanconf.py` become fields with positions; the file is parsed, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from feedwright.articles.front_matter.fields import Field, RawFields, as_value


def read_python(source: str, raw: RawFields) -> None:
    """Fill in the names that the module's own lines give a plain value; what is computed is left out."""
    try:
        module = ast.parse(source)
    except SyntaxError as error:
        raw.error("FM008", f"Python: {error.msg}", (error.lineno or 1, error.offset or 1))
        return
    except (ValueError, RecursionError, MemoryError):  # a NUL, or brackets without end
        raw.error("FM008", "not readable as Python", (1, 1))
        return
    values: dict[str, Any] = {}
    for name, node in _assignments(module):
        try:
            values[name] = _value(node, values)
            text = as_value(values[name], _as_text)
        except (ValueError, TypeError, RecursionError):  # computed, or nested too deep
            values.pop(name, None)
            raw.fields.pop(name, None)
            continue
        raw.fields[name] = Field(name, text, node.lineno, 1, node.lineno, node.col_offset + 1)


def _assignments(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for line in module.body:
        if isinstance(line, ast.Assign):
            yield from ((target.id, line.value) for target in line.targets if isinstance(target, ast.Name))
        elif isinstance(line, ast.AnnAssign) and line.value and isinstance(line.target, ast.Name):
            yield line.target.id, line.value


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    """Return a literal, what an earlier line gave a name, or texts put together. Raises ValueError."""
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, known), _value(node.right, known)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        raise ValueError
    if isinstance(node, ast.JoinedStr):
        return "".join(_part(part, known) for part in node.values)
    return _with_lists(ast.literal_eval(node))


def _with_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_lists(inner) for key, inner in value.items()}
    return [_with_lists(item) for item in value] if isinstance(value, (list, tuple, set)) else value


def _part(node: ast.expr, known: dict[str, Any]) -> str:
    if isinstance(node, ast.FormattedValue) and node.format_spec is None and node.conversion == -1:
        node = node.value
    value = _value(node, known)
    if not isinstance(value, str):
        raise ValueError
    return value


def _as_text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
