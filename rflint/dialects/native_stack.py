"""Stacks of the native form: token strings, tuples, layers, parallel lists, repetitions, branches, references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rflint.coverage import (
    Conv,
    Layer,
    Mixer,
    Parallel,
    Repeat,
    Sequence as Chain,
    crop,
    nearest,
    resize,
)
from rflint.dialects.native_layers import MOST_LAYERS, Defaults, conv, padded, repeated, transposed
from rflint.dialects.native_tokens import tokens
from rflint.dialects.native_values import FormError, Scope, exact, whole
from rflint.dialects.native_words import CONCEPTS, KERNEL, POOL
from rflint.documents import Cursor, Value, Where
from rflint.model import Stage


class Builder:
    """Builds the stages of a stack from its description."""

    def __init__(self, scope: Scope, defaults: Defaults) -> None:
        self.scope = scope
        self.defaults = defaults

    def stages(self, cursor: Cursor) -> list[Stage]:
        """The stages of a stack.

        Raises:
            FormError: the description has a mistake.
            NotComputable: a value that it refers to is not known.
        """
        stages = [
            Stage(stage.name or f"{index}", stage.layer, stage.where)
            for index, stage in enumerate(self._stack(cursor, self.scope))
        ]
        if not stages:
            raise FormError("the stack has no layers", cursor.where)
        return stages

    # -- shapes -----------------------------------------------------------------------------------------------------
    def _stack(self, cursor: Cursor, scope: Scope, depth: int = 0) -> list[Stage]:
        if depth > 40:
            raise FormError("nested too deeply", cursor.where)
        value = cursor.value
        if isinstance(value, str):
            return self._text(value, cursor, scope, depth)
        if isinstance(value, dict):
            return list(self._item(cursor, scope, depth))
        if not isinstance(value, list):
            raise FormError("a stack is a text of tokens, a layer, or a list of layers", cursor.where)
        if value and all(exact(part) is not None for part in value):
            return [self._tuple(cursor, value)]
        found: list[Stage] = []
        for item in cursor:
            found += self._stack(item, scope, depth + 1)
            if len(found) > MOST_LAYERS:
                raise FormError(f"more than {MOST_LAYERS} layers", cursor.where)
        return found

    def _text(self, text: str, cursor: Cursor, scope: Scope, depth: int) -> list[Stage]:
        if not text.lstrip().startswith("@"):
            return tokens(text, self.defaults, cursor.where)
        value = scope.value(cursor)
        if value.where is None or isinstance(value.value, str | int | float):
            raise FormError(f"`{text}` is no stack", cursor.where)
        return self._stack(Cursor(value.where.document, value.where.path, value.value), scope, depth + 1)

    def _tuple(self, cursor: Cursor, numbers: list[object]) -> Stage:
        """``[kernel, stride, dilation, padding]``, the last ones left out at will."""
        if len(numbers) > 4:
            raise FormError("a tuple is [kernel, stride, dilation, padding]", cursor.where)
        kernel, stride, dilation = [
            whole(Value(number), name, cursor.where)
            for number, name in zip(numbers, ("kernel", "stride", "dilation"), strict=False)
        ] + [1] * (3 - min(len(numbers), 3))
        padding = whole(Value(numbers[3]), "padding", cursor.where, 0) if len(numbers) == 4 else None
        return Stage("", conv(self.defaults, kernel, stride, dilation, padding, cursor.where), cursor.where)

    def _item(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        keys = _keys(cursor)
        for name, build in _ITEMS.items():
            if name in keys:
                yield from build(self, cursor, scope, depth)
                return
        if {"repeat", "stack"} <= keys:
            yield from self._repeat(cursor, scope, depth)
        elif "type" in keys:
            yield from self._typed(cursor, scope)
        elif _first(cursor, KERNEL) or _first(cursor, POOL) or keys & {"tconv", "t"}:
            yield from self._layers(cursor, scope)
        elif "pad" in keys:
            yield from self._pad(cursor, scope, depth)
        else:
            raise FormError(_unknown_item(keys), cursor.where)

    # -- plain layers -----------------------------------------------------------------------------------------------

    def _layers(self, cursor: Cursor, scope: Scope) -> Iterator[Stage]:
        """One layer with named numbers, or parallel lists with an entry a layer (scalars stand for all)."""
        lists = self._columns(cursor, scope)
        counts = {name: len(values) for name, (values, _, many) in lists.items() if many}
        if len(set(counts.values())) > 1:
            told = ", ".join(f"`{name}` has {count}" for name, count in counts.items())
            raise FormError(f"lists of different length: {told}", cursor.where)
        for index in range(next(iter(counts.values()), 1)):
            row = {
                name: (values[index if many else 0], places[index if many else 0])
                for name, (values, places, many) in lists.items()
            }
            yield from self._row(row, cursor)

    def _columns(self, cursor: Cursor, scope: Scope) -> dict[str, tuple[list[object], list[Where], bool]]:
        columns: dict[str, tuple[list[object], list[Where], bool]] = {}
        for concept, names in CONCEPTS.items():
            place = _first(cursor, names)
            if place is None:
                continue
            value = scope.value(place)
            many = isinstance(value.value, list) and not (
                concept == "padding" and len(value.value) == 2 and not place.key.endswith("s")
            )
            values: list[object] = value.value if many and isinstance(value.value, list) else [value.value]
            where = value.where or place.where
            places = [Where(where.document, (*where.path, i)) for i in range(len(values))] if many else [where]
            if not values:
                raise FormError(f"`{place.key}` is empty", place.where)
            columns[concept] = values, places, many
        return columns

    def _row(self, row: Mapping[str, tuple[object, Where]], cursor: Cursor) -> Iterator[Stage]:
        def number(concept: str, default: int | None, least: int = 1) -> int:
            value, where = row.get(concept, (default, cursor.where))
            if value is None:
                if default is not None:
                    return default
                raise FormError(f"a {concept} is missing", cursor.where)
            return whole(Value(value), concept, where, least)

        times = number("repeat", 1, 0)
        padding = row["padding"][0] if "padding" in row else None
        if "transposed" in row:
            layer, where = transposed(number("transposed", None), number, padding, cursor.where), row["transposed"][1]
        elif "kernel" in row:
            kernel = number("kernel", None)
            layer, where = (
                conv(self.defaults, kernel, number("stride", 1), number("dilation", 1), padding, cursor.where),
                row["kernel"][1],
            )
            yield from repeated(Stage("", layer, where), times)
            if "pool" not in row:
                return
            times, padding = 1, None
        if "pool" in row:
            size = number("pool", None)
            stride = size if "kernel" in row else number("stride", size)
            layer, where = (
                conv(
                    self.defaults,
                    size,
                    stride,
                    1 if "kernel" in row else number("dilation", 1),
                    padding,
                    cursor.where,
                    "pool",
                ),
                row["pool"][1],
            )
        yield from repeated(Stage("", layer, where), times)

    def _typed(self, cursor: Cursor, scope: Scope) -> Iterator[Stage]:
        """``{type: Conv1d, kernel_size: 5}``: a class name of a framework; those without extent in time are passed over."""
        name = str(cursor["type"].value).lower().rsplit(".", 1)[-1]
        if "transpose" in name:
            renamed = {"transposed": _first(cursor, KERNEL)}
        elif "conv" in name:
            renamed = {"kernel": _first(cursor, KERNEL)}
        elif "pool" in name and "global" not in name and "adaptive" not in name:
            renamed = {"pool": _first(cursor, (*POOL, *KERNEL))}
        elif name.startswith(("upsampl", "crop", "zeropad")):
            yield from self._resizing(name, cursor, scope)
            return
        else:
            if "pool" in name:
                yield Stage("", Mixer(name), cursor.where)
            return
        columns = {
            concept: column
            for concept, column in self._columns(cursor, scope).items()
            if concept not in ("kernel", "pool", "transposed")
        }
        ((concept, place),) = renamed.items()
        if place is None:
            raise FormError(f"`{cursor['type'].value}` without a kernel size", cursor.where)
        value = scope.value(place)
        row = {name: (_one(values[0]), places[0]) for name, (values, places, _) in columns.items()}
        yield from self._row({**row, concept: (_one(value.value), value.where or place.where)}, cursor)

    def _resizing(self, name: str, cursor: Cursor, scope: Scope) -> Iterator[Stage]:
        place = _first(cursor, ("size", "scale_factor", "factor", "up", "padding", "cropping", "p", "crop"))
        if place is None:
            raise FormError(f"`{cursor['type'].value}` without a size", cursor.where)
        value = scope.value(place)
        if name.startswith("upsampl"):
            yield Stage("", nearest(whole(value, place.key, place.where)), place.where)
            return
        left, right = _sides(value, place)
        yield Stage("", crop(left, right) if name.startswith("crop") else crop(-left, -right), place.where)

    # -- compounds --------------------------------------------------------------------------------------------------
    def chain(self, cursor: Cursor, scope: Scope, depth: int) -> Layer:
        """A stack as one layer."""
        return Chain(tuple(stage.layer for stage in self._stack(cursor, scope, depth + 1)))

    def _each(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        elements = scope.list_at(str(cursor["each"].value), cursor["each"].where)
        for element in elements[:MOST_LAYERS]:
            inner = Scope(scope.root, element)
            if _wanted(cursor["when"], inner):
                yield from self._layers(cursor, inner)

    def _tcn(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        def number(name: str, default: int, least: int = 0) -> int:
            return whole(scope.value(cursor[name], default), name, cursor[name].where, least)

        kernel = number("tcn", 0, 1)
        layers, cycles, convs = number("layers", 1, 1), number("cycles", 1), number("convs", 1)
        base, first = number("base", 2, 1), number("first", 0)
        causal = scope.value(cursor["causal"], False).value is True
        if cycles * layers * convs > MOST_LAYERS or layers + first > 60:
            raise FormError(f"more than {MOST_LAYERS} layers", cursor.where)
        for cycle in range(cycles):
            for level in range(first, first + layers):
                layer = padded(
                    self.defaults, kernel, 1, base**level, "causal" if causal else "same", cursor.where, "conv"
                )
                for number_of in range(convs):
                    yield Stage(
                        f"tcn.{cycle}.{level}" + (f".{number_of}" if convs > 1 else ""), layer, cursor["tcn"].where
                    )

    def _dilated(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        kernel = whole(scope.value(cursor["dilated"]), "dilated", cursor["dilated"].where)
        padding = scope.value(cursor["p"]).value
        dilations = scope.value(cursor["dilations"], [1]).value
        for dilation in dilations if isinstance(dilations, list) else [dilations]:
            layer = conv(
                self.defaults, kernel, 1, whole(Value(dilation), "dilations", cursor.where), padding, cursor.where
            )
            yield Stage("", layer, cursor["dilated"].where)

    def _splice(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        value = scope.value(cursor["splice"]).value
        sides = [exact(side) for side in value] if isinstance(value, list) else []
        if len(sides) != 2 or any(side is None or side.denominator != 1 for side in sides):
            raise FormError("a splice is [first, last] in frames, such as [-2, 2]", cursor["splice"].where)
        first, last = (int(side) for side in sides if side is not None)
        if first > last:
            raise FormError("a splice that ends before it begins", cursor["splice"].where)
        skip = whole(scope.value(cursor["skip"], 1), "skip", cursor["skip"].where)
        yield Stage("splice", Conv(last - first + 1, skip, 1, (-first, last), "stack"), cursor["splice"].where)

    def _repeat(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        times = whole(scope.value(cursor["repeat"]), "repeat", cursor["repeat"].where, 0)
        inner = self._stack(cursor["stack"], scope, depth + 1)
        if times * len(inner) <= 40:
            yield from (stage for _ in range(times) for stage in inner)
        else:
            yield Stage("repeat", Repeat(times, Chain(tuple(stage.layer for stage in inner))), cursor["repeat"].where)

    def _residual(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        layer = Parallel((self.chain(cursor["residual"], scope, depth), Chain()))
        yield Stage("residual", layer, cursor["residual"].where)

    def _parallel(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        if not cursor["parallel"].is_list():
            raise FormError("`parallel` is a list of stacks", cursor["parallel"].where)
        branches = tuple(self.chain(branch, scope, depth) for branch in cursor["parallel"])
        yield Stage("parallel", Parallel(branches), cursor["parallel"].where)

    def _unet(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        net = cursor["unet"]
        down, up = list(net["down"]), list(net["up"])
        if len(down) != len(up):
            raise FormError(f"`down` has {len(down)} levels and `up` has {len(up)}", net.where)
        skip = net["skip"].value is not False
        inner: Layer = self.chain(net["bottom"], scope, depth) if net["bottom"].exists else Chain()
        for below, above in zip(reversed(down), up, strict=True):
            path = (self.chain(below, scope, depth), inner, self.chain(above, scope, depth))
            inner = Parallel((Chain(path), Chain())) if skip else Chain(path)
        yield Stage("unet", inner, net.where)

    def _global(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        left: int | None = None
        right: int | None = 0 if cursor["direction"].value == "left" else None
        if cursor["window"].exists:
            left, right = _sides(scope.value(cursor["window"]), cursor["window"])
        yield Stage(str(cursor["global"].value), Mixer(str(cursor["global"].value), left, right), cursor.where)

    def _up(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        yield Stage("", nearest(whole(scope.value(cursor["up"]), "up", cursor["up"].where)), cursor["up"].where)

    def _crop(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        yield Stage("", crop(*_sides(scope.value(cursor["crop"]), cursor["crop"])), cursor["crop"].where)

    def _pad(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        left, right = _sides(scope.value(cursor["pad"]), cursor["pad"])
        yield Stage("", crop(-left, -right), cursor["pad"].where)

    def _resample(self, cursor: Cursor, scope: Scope, depth: int) -> Iterator[Stage]:
        factor = exact(scope.value(cursor["resample"]).value)
        if factor is None or factor <= 0:
            raise FormError("`resample` must be a positive number", cursor["resample"].where)
        yield Stage("", resize(factor), cursor["resample"].where)


_ITEMS: dict[str, Callable[[Builder, Cursor, Scope, int], Iterator[Stage]]] = {
    "each": Builder._each, "tcn": Builder._tcn, "dilated": Builder._dilated, "splice": Builder._splice,
    "residual": Builder._residual, "parallel": Builder._parallel, "unet": Builder._unet, "global": Builder._global,
    "up": Builder._up, "crop": Builder._crop, "resample": Builder._resample,
}  # fmt: skip


def _keys(cursor: Cursor) -> set[str]:
    value = cursor.value
    return {str(key) for key in value} if isinstance(value, dict) else set()


def _first(cursor: Cursor, names: Sequence[str]) -> Cursor | None:
    """The place of a concept by any of its names."""
    found = [name for name in names if cursor[name].exists]
    if len(found) > 1:
        raise FormError(f"`{found[0]}` and `{found[1]}` name one thing", cursor.where)
    return cursor[found[0]] if found else None


def _one(value: object) -> object:
    """``[5]`` for 5: kernels written as lists of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _sides(value: Value[object], cursor: Cursor) -> tuple[int, int]:
    sides = value.value if isinstance(value.value, list) else [value.value] * 2
    if len(sides) != 2:
        raise FormError(f"`{cursor.key}` is a number or [left, right]", cursor.where)
    left, right = (whole(Value(side), cursor.key, cursor.where, 0) for side in sides)
    return left, right


def _wanted(when: Cursor, scope: Scope) -> bool:
    """Whether an element of ``each`` meets all the conditions of ``when``."""
    if not when.is_mapping():
        return True
    for condition in when:
        name = str(condition.path[-1])
        found = scope.element[name.lstrip(".")].value if scope.element is not None else None
        allowed = condition.value if isinstance(condition.value, list) else [condition.value]
        if found not in allowed:
            return False
    return True


def _unknown_item(keys: set[str]) -> str:
    import difflib

    known = [*_ITEMS, "repeat", "type", "pad", *(name for names in CONCEPTS.values() for name in names)]
    for key in sorted(keys):
        near = difflib.get_close_matches(key, known, 1)
        if near and key not in known:
            return f"the layer key `{key[:40]}` is not known; did you mean `{near[0]}`?"
    return f"no layer is described by {', '.join(f'`{key[:40]}`' for key in sorted(keys)[:6]) or 'an empty mapping'}"
