"""Call plugins one by one, so that what one of them does wrong stays its own."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pluggy

from wayfellow import hookspecs
from wayfellow.host.errors import PluginFailed, PluginRefused, describe
from wayfellow.host.records import Health, PluginInfo
from wayfellow.host.witness import Witness

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SessionFactory = Callable[[], AbstractContextManager["Session"]]
Implementation = Any  # pluggy's HookImpl, which it types with names of its own

log = logging.getLogger("wayfellow.plugins")

#: What a plugin may raise without stopping anything else; KeyboardInterrupt is the person at the keyboard.
CONTAINED = (Exception, SystemExit)


class Calls:
    """Hold the registered plugins and call their implementations of a hook in order."""

    def __init__(self, strict: bool = False, session_factory: SessionFactory | None = None) -> None:
        self._strict = strict
        self._session_factory = session_factory
        self._manager = pluggy.PluginManager("wayfellow")
        self._manager.add_hookspecs(hookspecs)
        self._infos: dict[str, PluginInfo] = {}
        self._witness = Witness()
        self._doubles: list[PluginInfo] = []

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Return every plugin that was found, in the order of calls; unloaded and disabled ones too."""
        return (*self._infos.values(), *self._doubles)

    def plugin(self, name: str) -> PluginInfo:
        """Return how a plugin is; raise KeyError when none of that name is installed."""
        return self._infos[name]

    def _implementations(self, hook: str) -> list[Implementation]:
        caller = getattr(self._manager.hook, hook)
        return list(reversed(caller.get_hookimpls()))

    def _each(
        self,
        hook: str,
        arguments: Mapping[str, Any],
        check: Callable[[Any], Any] | None = None,
        skip: Container[str] = (),
    ) -> _Answers:
        """Yield (plugin, answer, error) for each implementation that has an opinion; one of the two is None."""
        for implementation in self._implementations(hook):
            if implementation.plugin_name in skip:
                continue
            answer, error = self._contained(hook, implementation, arguments, check)
            if answer is not None or error is not None:
                yield implementation.plugin_name, answer, error

    def _contained(
        self,
        hook: str,
        implementation: Implementation,
        arguments: Mapping[str, Any],
        check: Callable[[Any], Any] | None,
    ) -> tuple[Any, BaseException | None]:
        try:
            with _savepoint(implementation, arguments):
                answer = run(implementation, arguments)
                return (answer if answer is None or check is None else check(answer)), None
        except CONTAINED as error:
            self._note_failure(implementation.plugin_name, hook, error)
            return None, error

    def _required(
        self, hook: str, doing: str, arguments: Mapping[str, Any], check: Callable[[Any], Any]
    ) -> list[tuple[str, Any]]:
        """Return (plugin, answer) for all; raise PluginFailed as soon as one can't answer."""
        answers: list[tuple[str, Any]] = []
        for implementation in self._implementations(hook):
            name = implementation.plugin_name
            try:
                answer = run(implementation, arguments)
                if answer is not None:
                    answers.append((name, check(answer)))
            except CONTAINED as error:
                self._note_failure(name, hook, error)
                raise PluginFailed(name, doing, error) from error
        return answers

    def _tell(self, hook: str, arguments: Mapping[str, Any]) -> None:
        """Tell a fact; each implementation that asks for ``session`` gets a transaction of its own."""
        for implementation in self._implementations(hook):
            try:
                with self._own_session(implementation) as own:
                    run(implementation, {**arguments, **own})
            except CONTAINED as error:
                self._note_failure(implementation.plugin_name, hook, error)

    @contextmanager
    def _own_session(self, implementation: Implementation) -> Iterator[dict[str, Any]]:
        if "session" not in implementation.argnames:
            yield {}
            return
        if self._session_factory is None:
            raise PluginRefused("it asks for a database session, and this host was loaded without a database")
        with self._session_factory() as session:
            yield {"session": session}

    def _note_failure(self, name: str, hook: str, error: BaseException) -> None:
        log.error("plugin call failed", extra={"plugin": name, "hook": hook, "reason": describe(error)}, exc_info=error)
        info = self._infos[name]
        self._infos[name] = replace(info, health=Health.FAILING, error=f"{hook}: {describe(error)}")
        if self._strict:
            raise error


_Answers = Iterator[tuple[str, Any, BaseException | None]]


def run(implementation: Implementation, arguments: Mapping[str, Any]) -> Any:
    """Call one implementation with the arguments that it asks for."""
    answer = implementation.function(*[arguments[name] for name in implementation.argnames])
    # A generator fails only when it is read, so it is read here, where its failure is contained.
    return list(answer) if inspect.isgenerator(answer) else answer


def _savepoint(implementation: Implementation, arguments: Mapping[str, Any]) -> AbstractContextManager[Any]:
    """Shield the caller's transaction: on PostgreSQL one failed statement would spoil all that follow."""
    if "session" in implementation.argnames and "session" in arguments:
        savepoint: AbstractContextManager[Any] = arguments["session"].begin_nested()
        return savepoint
    return nullcontext()
