"""A context as JSON and back: what a letter was printed from is kept beside its bytes.

Same context, same bytes: a letter printed again from its frozen context gives the same file, as long as fonts and
wording stand. Fields named in `hidden` are kept empty (an access code is never stored readable).
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from expertdesk.documents import contexts
from expertdesk.documents.contexts import Context
from expertdesk.foundation.locale import Bilingual

_KINDS: dict[str, type[Any]] = {kind.kind: kind for kind in get_args(Context)}


def freeze(context: Context, *, hidden: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Plain values only: texts, numbers, ISO dates, lists and maps."""
    plain = _plain(context)
    return {"kind": context.kind, **plain, **{name: value for name, value in (hidden or {}).items() if name in plain}}


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return {"zh": value.zh, "en": value.en}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def thaw(plain: Mapping[str, Any], **filled: Any) -> Context:
    """The context again; `filled` gives back fields that were hidden."""
    kind = _KINDS[plain["kind"]]
    values = {name: value for name, value in plain.items() if name != "kind"}
    return _record(kind, {**values, **filled})


@lru_cache(maxsize=32)
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind, dict(vars(contexts)))


def _record(kind: type[Any], values: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    known = [field.name for field in fields(kind) if field.name in values]
    return kind(**{name: _value(hints[name], values[name]) for name in known})


def _value(hint: Any, plain: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        chosen = next(arg for arg in get_args(hint) if arg is not type(None))
        return None if plain is None else _value(chosen, plain)
    if origin is tuple:
        inner = get_args(hint)[0]
        return tuple(_value(inner, item) for item in plain)
    if hint is datetime:
        return datetime.fromisoformat(plain)
    if hint is date:
        return date.fromisoformat(plain)
    if is_dataclass(hint):
        return _record(hint if isinstance(hint, type) else type(hint), plain)
    return plain
