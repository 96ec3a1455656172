"""Every regular expression in the source, and the texts that would make one take quadratic time."""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
import signal
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as sre  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

import feedwright
from feedwright.patterns import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import TypeGuard

    class _MethodCall(ast.Call):
        func: ast.Attribute


_CALLS = frozenset({"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})
_ANCHORED = frozenset({"match", "fullmatch"})
_OPENINGS = frozenset(("_DASHES", "_PLUSES", "_SEMICOLONS", "_BRACE", "_KEY", "_QUOTED_KEY", "_LINE"))
"""Patterns of `front_matter.parse` that are only matched, as the opening of a notation."""

_FORMS = frozenset(("_FORMS", "_PERMITTED"))
"""Tables of `policy` and `page_reader`, whose patterns a whole value has to match."""

_SUFFIXES = ("", "\0", "\n!")
_LONG = 100
_MOST = 60
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)


def modules() -> list[ModuleType]:
    """Return all modules of feedwright that can be imported here."""
    names = [module.name for module in pkgutil.walk_packages(feedwright.__path__, "feedwright.")]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A regular expression and whether it is only matched where a text begins."""

    pattern: re.Pattern[Any]
    anchored: bool


def expressions() -> tuple[dict[str, Expression], list[str]]:
    """Return every pattern of the source by its place, and the places of those that are put together late."""
    found: dict[str, Expression] = {}
    unknown: list[str] = []
    sources = [(module, _tree(module)) for module in modules()]
    calls = [(module, call) for module, tree in sources for call in ast.walk(tree) if _is_call(call)]
    uses: dict[str, set[str]] = {}
    for module, call in calls:
        uses.setdefault(_owned(module, _last_name(call.func.value)), set()).add(call.func.attr)
    for module, _ in sources:
        for name, value in vars(module).items():
            anchored = uses.get(_owned(module, name), {"search"}) <= _ANCHORED or name in _OPENINGS | _FORMS
            for at, (pattern, method) in enumerate(_patterns_in(value)):
                anchored = anchored or method in _ANCHORED
                found[f"{_place(module)}.{name}[{at}]"] = Expression(pattern=pattern, anchored=anchored)
    known = {expression.pattern for expression in found.values()}
    for module, call in calls:
        if _last_name(call.func.value) != "re":
            continue
        written = ast.unparse(call.args[0])
        is_compiled = call.func.attr == "compile"
        try:
            pattern = re.compile(_value(call if is_compiled else call.args[0], module))
        except NameError:
            unknown.append(f"{_place(module)}: {written}")
            continue
        if not is_compiled or pattern not in known:
            anchored = call.func.attr in _ANCHORED
            found[f"{_place(module)}: {written[:40]}"] = Expression(pattern=pattern, anchored=anchored)
    return dict({e.pattern: (place, e) for place, e in found.items()}.values()), sorted(set(unknown))


def _owned(module: ModuleType, name: str) -> str:
    """The name of a pattern; a private one is its module's own."""
    return f"{module.__name__}.{name}" if name.startswith("_") else name


def _place(module: ModuleType) -> str:
    return module.__name__.removeprefix("feedwright.")


def _tree(module: ModuleType) -> ast.Module:
    assert module.__file__ is not None
    with open(module.__file__, encoding="utf-8") as file:
        return ast.parse(file.read())


def _value(expression: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(expression), "pattern", "eval"), dict(vars(module)))


def _is_call(node: ast.AST) -> TypeGuard[_MethodCall]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _patterns_in(value: object) -> Iterator[tuple[re.Pattern[Any], str]]:
    """The patterns in a value, each with the method of it that the value holds, "" for a whole pattern."""
    if isinstance(value, re.Pattern):
        yield value, ""
    elif isinstance(value, LazyPattern):
        yield value.compiled, ""
    elif isinstance(value, (tuple, list)):
        yield from itertools.chain.from_iterable(map(_patterns_in, value))
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_patterns_in, value.values()))
    elif isinstance(getattr(value, "__self__", None), re.Pattern):
        yield value.__self__, value.__name__  # type: ignore[attr-defined]


def attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield a beginning, what is to be repeated, and an end, from what the pattern's own parts match."""
    parsed = sre.parse(pattern.pattern, pattern.flags)
    if not _is_unbounded(parsed):
        return
    ways = list(dict.fromkeys(_ways(parsed)))
    parts = list(dict.fromkeys(part for _, part in ways if part))
    pairs = [("", part) for part in parts]
    pairs += [(before, part) for before, part in ways if part]
    pairs += [("", before + part) for before, part in ways if before]
    pairs += [("", one + other) for one, other in itertools.pairwise(parts)]
    pairs = list(dict.fromkeys((before[-_LONG:], part[:_LONG]) for before, part in pairs))
    for before, pump in pairs[:: len(pairs) // _MOST + 1]:
        yield from ((before, pump, suffix) for suffix in _SUFFIXES)


def _is_unbounded(items: Any) -> bool:
    """Whether something in a parsed pattern may be repeated without end."""
    return any(
        (operator in _REPEATS and argument[1] > _LONG) or any(map(_is_unbounded, _inside(operator, argument)))
        for operator, argument in items
    )


def _ways(items: Any) -> Iterator[tuple[str, str]]:
    """Yield for each part of a parsed pattern a text that leads to it and a text that it matches."""
    before = ""
    for operator, argument in items:
        for inner in _inside(operator, argument):
            yield from ((before + lead, part) for lead, part in _ways(inner))
        samples = _samples(operator, argument)
        yield from ((before, sample) for sample in samples)
        before += samples[0] if samples else ""


def _inside(operator: Any, argument: Any) -> list[Any]:
    if operator in _REPEATS:
        return [argument[2]]
    if operator is c.SUBPATTERN:
        return [argument[3]]
    if operator is c.ATOMIC_GROUP:
        return [argument]
    if operator in (c.ASSERT, c.ASSERT_NOT):
        return [argument[1]]
    return list(argument[1]) if operator is c.BRANCH else []


def _samples(operator: Any, argument: Any) -> list[str]:
    """Some texts that one part of a pattern matches."""
    if operator is c.LITERAL:
        return [chr(argument)]
    if operator is c.NOT_LITERAL:
        return [chr(argument + 1), " "]
    if operator is c.ANY:
        return ["a", " "]
    if operator is c.IN:
        return _members(argument)
    if operator in _REPEATS:
        inner = _texts(argument[2])
        return [text * max(1, min(argument[0], _LONG)) for text in inner] if argument[1] else []
    if operator is c.BRANCH:
        return [text for branch in argument[1] for text in _texts(branch)[:3]]
    return (
        [text for inner in _inside(operator, argument) for text in _texts(inner)]
        if operator is not c.ASSERT_NOT
        else [""]
    )


def _texts(items: Any) -> list[str]:
    """Some texts that a sequence of parts matches, each with another of one part."""
    samples = [_samples(operator, argument) or [""] for operator, argument in items if operator is not c.AT]
    first = [part[0] for part in samples]
    texts = ["".join(first)]
    for at, part in enumerate(samples):
        texts += ["".join([*first[:at], other, *first[at + 1 :]]) for other in part[1:4]]
    return list(dict.fromkeys(texts))[:8]


_ANY_OF = {
    c.CATEGORY_SPACE: " \t",
    c.CATEGORY_NOT_SPACE: "a!",
    c.CATEGORY_DIGIT: "0",
    c.CATEGORY_NOT_DIGIT: "a ",
    c.CATEGORY_WORD: "a0",
    c.CATEGORY_NOT_WORD: " !",
}


def _members(items: Any) -> list[str]:
    """Some characters of a class."""
    if items[0][0] is c.NEGATE:
        shut = {chr(value) for kind, value in items[1:] if kind is c.LITERAL}
        for kind, value in items[1:]:
            if kind is c.RANGE:
                shut |= {chr(code) for code in range(value[0], min(value[1], value[0] + 300) + 1)}
            elif kind is c.CATEGORY:
                shut |= {chr(code) for code in range(128) if re.match(_CLASSES[value], chr(code))}
        return [mark for mark in "a !<\"'=/x-\n(" if mark not in shut][:4]
    found: list[str] = []
    for kind, value in items:
        if kind is c.LITERAL:
            found.append(chr(value))
        elif kind is c.RANGE:
            found.append(chr(value[0]))
        elif kind is c.CATEGORY:
            found += _ANY_OF.get(value, "")
    return found[:6]


_CLASSES = {
    c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_DIGIT: r"\d",
    c.CATEGORY_NOT_DIGIT: r"\D",
    c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_WORD: r"\W",
}


class _TooLongError(BaseException):
    pass


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise in the block when the process has taken so much CPU time; the engine looks for signals."""

    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


SHORT, LONG = 4_000, 32_000
"""Characters of an attack: of one that is tried, and of one that is judged."""

LITTLE = 0.005
"""Seconds of CPU time that no linear pattern takes for a short attack; 50 times what most take."""

MUCH = 0.25
"""Seconds of CPU time below which a pattern costs too little to be judged."""

MOST = 1.0
"""Seconds of CPU time after which a call is given up."""

STEEP = 3.0
"""How many times the cost of half of a text the whole may take: twice is linear, four times quadratic."""


def cost(expression: Expression, text: str) -> float:
    """Return the seconds of CPU time that looking for a pattern in a text takes; at most `MOST`."""
    pattern = expression.pattern
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    began = time.process_time()
    try:
        with _stopped_after(MOST):
            if not expression.anchored:
                deque(pattern.finditer(subject), 0)
            pattern.match(subject)
            pattern.fullmatch(subject)
    except _TooLongError:
        return MOST
    return time.process_time() - began


def weakness(expression: Expression) -> tuple[str, str, str] | None:
    """Return an attack for which a pattern takes much more than twice the time for twice the text."""
    for attack in attacks(expression.pattern):
        if (
            cost(expression, _text(attack, 30)) < MUCH
            and min(_costs(expression, _text(attack, SHORT))) < LITTLE
        ):
            continue
        if min(_costs(expression, _text(attack, LONG))) < MUCH:
            continue
        half, whole = (min(_costs(expression, _text(attack, size))) for size in (SHORT, 2 * SHORT))
        if half >= MOST or whole > STEEP * half:
            return attack
    return None


def _text(attack: tuple[str, str, str], size: int) -> str:
    before, pump, suffix = attack
    return before + pump * (size // len(pump)) + suffix


def _costs(expression: Expression, text: str) -> Iterator[float]:
    """The costs of two calls, the second only where the first was too much, but was not given up."""
    first = cost(expression, text)
    yield first
    if LITTLE <= first < MOST:
        yield cost(expression, text)
