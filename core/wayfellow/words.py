"""Say things in the language of whoever reads.

Code and templates hold English; catalogues of core, the web and plugins hold the other languages, each in a folder
``translations/<language>/LC_MESSAGES/messages.po`` beside the package's modules. Which language is spoken is a matter
of context: the web sets it for each request, :meth:`Catalogues.speaking` for the letters to one person.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from babel.messages import Catalog

log = logging.getLogger(__name__)

ENGLISH = "en"
#: The folder of core's own catalogues; the languages that it holds are those that can be chosen.
HOME = Path(__file__).parent / "translations"
FILE = Path("LC_MESSAGES") / "messages.po"

K = TypeVar("K", str, int)
T = TypeVar("T", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Voice:
    """Be a language together with all that is translated into it."""

    language: str
    translations: NullTranslations


#: What is spoken where nobody chose, and what the code itself says.
PLAIN = Voice(ENGLISH, NullTranslations())
_voice: ContextVar[Voice] = ContextVar("wayfellow_voice", default=PLAIN)


def speak(voice: Voice) -> None:
    """Say everything in this voice from now on, in this thread."""
    _voice.set(voice)


def this_voice() -> Voice:
    """Return the voice in which things are said now."""
    return _voice.get()


def direction() -> str:
    """Return ``ltr`` or ``rtl``, as the language that is spoken is written."""
    from babel import Locale

    return str(Locale.parse(_voice.get().language).text_direction)


def gettext(message: str, /, **values: object) -> str:
    """Return an English message in the language that is spoken, with ``%(name)s`` filled in from ``values``."""
    said = _voice.get().translations.gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a message that fits a number, which stands for ``%(num)s`` unless ``values`` say otherwise."""
    return _voice.get().translations.ngettext(one, many, count) % {"num": f"{count:,}", **values}


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Return a message that means different things in different places; ``context`` tells them apart."""
    said = _voice.get().translations.pgettext(context, message)
    return said % values if values else said


class Message(str):
    """Be English text that was marked with :func:`later`."""

    __slots__ = ()


def later(message: str) -> str:
    """Mark English text that is written down now, such as a label, and said with :func:`said` when somebody reads."""
    return Message(message)


def said(text: str) -> str:
    """Return marked text in the language that is spoken, and any other text, such as a name, as it is."""
    return gettext(text) if isinstance(text, Message) else text


class Wordlist(Mapping[K, T]):
    """Hold texts that were marked with :func:`later`, or (tone, text), and give them in the language that is spoken."""

    def __init__(self, words: Mapping[K, T]) -> None:
        self._words: Mapping[K, T] = words

    def __getitem__(self, key: K) -> T:
        word: Any = self._words[key]
        return cast(T, said(word) if isinstance(word, str) else tuple(said(part) for part in word))

    def __iter__(self) -> Iterator[K]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that can be chosen, English first."""
    return (ENGLISH, *sorted(file.parents[1].name for file in HOME.glob(f"*/{FILE}")))


class Catalogues:
    """Hold the catalogues of one deployment; each language is read when it is first spoken."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._folders = [HOME, *folders]
        self._voices: dict[str, Voice] = {}

    def include(self, folder: Path) -> None:
        """Add the catalogues of a package that is no plugin."""
        if folder not in self._folders:
            self._folders.append(folder)
            self._voices.clear()

    def voice(self, language: str | None) -> Voice:
        """Return the voice of a language; English where the language is not among those that can be chosen."""
        known = language if language in languages() else ENGLISH
        if known not in self._voices:
            self._voices[known] = Voice(known, read_catalogues(self._folders, known))
        return self._voices[known]

    @contextmanager
    def speaking(self, language: str | None) -> Iterator[None]:
        """Say things in a language within the ``with`` block."""
        token = _voice.set(self.voice(language))
        try:
            yield
        finally:
            _voice.reset(token)


def read_catalogues(folders: Iterable[Path], language: str) -> NullTranslations:
    """Return all that some folders hold in a language; where two translate the same message, the first one's counts."""
    from babel import support

    files = [file for folder in folders if (file := folder / language / FILE).is_file()]
    if not files:
        return support.NullTranslations()
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    merged = Catalog(locale=language)
    for file in files:
        _merge(merged, file, language)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return support.Translations(compiled)


def _merge(merged: Catalog, file: Path, language: str) -> None:
    """Add a file's messages; one that can't be read leaves its messages English."""
    from babel.messages.pofile import read_po

    try:
        with file.open("rb") as text:
            read = read_po(text, locale=language, abort_invalid=True)
    except Exception:
        log.exception("the translations in %s can't be read", file)
        return
    for message in read:
        forms = message.string if message.pluralizable else ()
        fits = len(forms or ()) in (0, merged.num_plurals)
        if message.id and fits and not message.fuzzy and merged.get(message.id, message.context) is None:
            merged.add(message.id, message.string, context=message.context)
