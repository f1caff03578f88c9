"""Describe a module of hook specifications, for the documentation and for the snapshot that guards the contract."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any

LABELS = ("Called", "Returns", "If it raises", "Since")


@dataclass(frozen=True, slots=True)
class HookDescription:
    """Describe one hook: its arguments with their types, its flags, and what its docstring says."""

    name: str
    arguments: dict[str, str]
    returns: str
    firstresult: bool
    summary: str
    labelled: dict[str, str]

    @property
    def signature(self) -> str:
        """Return the hook as one would write it."""
        return f"{self.name}({', '.join(f'{name}: {kind}' for name, kind in self.arguments.items())}) -> {self.returns}"

    def contract(self) -> dict[str, Any]:
        """Return what implementations depend on, as JSON."""
        kept = asdict(self)
        return {key: kept[key] for key in ("name", "arguments", "returns", "firstresult")}


def describe_hooks(module: ModuleType) -> list[HookDescription]:
    """Return the hooks that a module specifies, in the order in which it does."""
    return list(_described(module))


def _described(module: ModuleType) -> Iterator[HookDescription]:
    for name, function in vars(module).items():
        options = getattr(function, "wayfellow_spec", None)
        if options is None:
            continue
        annotations = dict(inspect.get_annotations(function))
        returns = str(annotations.pop("return"))
        summary, labelled = _parse(inspect.getdoc(function) or "")
        yield HookDescription(name, annotations, returns, bool(options["firstresult"]), summary, labelled)


def _parse(docstring: str) -> tuple[str, dict[str, str]]:
    """Split a docstring into its sentence and its labelled paragraphs."""
    summary, _, rest = docstring.partition("\n")
    labelled: dict[str, str] = {}
    label = ""
    for line in rest.strip().splitlines():
        head, separator, text = line.partition(": ")
        if separator and head in LABELS:
            label, line = head, text
        labelled[label] = f"{labelled.get(label, '')} {line.strip()}".strip()
    return summary, labelled
