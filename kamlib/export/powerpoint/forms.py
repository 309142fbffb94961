"""How figures are written in a chart: number formats, so that they stay figures that can be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kamlib.export import formats

if TYPE_CHECKING:
    from kamlib.exhibits.native import Scale

_DECIMALS: Final = {"decimal": 1, "cents": 2, "index": 2}


def figures(scale: Scale, largest: float, language: str) -> str:
    """Return the number format of figures up to ``largest`` on bars and points, three digits of the largest."""
    if scale.kind == "percent":
        return formats.percent(1, language)
    digits = _DECIMALS.get(scale.kind, 0)
    if scale.unit > 1:
        digits = 2 if largest < 10 * scale.unit else 1 if largest < 100 * scale.unit else 0
    return _decimals("0" if scale.kind == "index" else "#,##0", digits) + _divided(scale.unit)


def ticks(scale: Scale, span: float, language: str) -> str:
    """Return the number format of the ticks of an axis that is ``span`` long."""
    if scale.kind == "percent":
        if scale.log:
            few, some, many = (formats.percent(digits, language) for digits in (2, 1, 0))
            return f"[<0.001]{few};[<0.01]{some};{many}"
        return formats.percent(0 if span > 0.05 else 1 if span > 0.005 else 2, language)
    divided = _divided(scale.unit)
    if scale.log:
        return f"[<{scale.unit}]0.0##{divided};#,##0{divided}"
    relative = span / scale.unit
    return _decimals("#,##0", 2 if relative <= 0.5 else 1 if relative <= 5 else 0) + divided


def _decimals(form: str, digits: int) -> str:
    return form + ("." + "0" * digits if digits else "")


def _divided(unit: int) -> str:
    """Return the mark of a number format that divides by ``unit``: a comma for each thousand."""
    return "," * ((len(str(unit)) - 1) // 3)
