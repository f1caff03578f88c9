"""Hold what commands share: which configuration file, and the deployment that it describes."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from wayfellow.config import Config, load_config

if TYPE_CHECKING:
    from wayfellow.deployment import Deployment

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


class Shell:
    """Be what a command works with; the file is read, and the database opened, when first asked for."""

    def __init__(self, config_file: Path | None = None) -> None:
        self.config_file = config_file
        self._config: Config | None = None
        self._deployment: Deployment | None = None

    @property
    def config(self) -> Config:
        """Return the configuration; raise WayfellowError when it can't be read."""
        if self._config is None:
            self._config = load_config(self.config_file)
        return self._config

    @property
    def deployment(self) -> Deployment:
        """Return the deployment, with its plugins loaded."""
        if self._deployment is None:
            from wayfellow.deployment import open_deployment

            self._deployment = open_deployment(self.config)
        return self._deployment


def config_option(command: F) -> F:
    """Add ``--config FILE``; it may stand before or after the name of a command."""
    kind = click.Path(exists=True, dir_okay=False, path_type=Path)
    option = click.option(
        "--config",
        metavar="FILE",
        type=kind,
        expose_value=False,
        callback=_remember,
        help="The configuration file. [default: ./wayfellow.toml]",
    )
    return option(command)


def pass_shell(function: Callable[Concatenate[Shell, P], R]) -> Callable[P, R]:
    """Give a command the shell as its first argument, and the ``--config`` option."""

    @click.pass_context
    def command(context: click.Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return context.invoke(function, context.ensure_object(Shell), *args, **kwargs)

    return config_option(update_wrapper(command, function))


def _remember(context: click.Context, option: click.Parameter, value: Path | None) -> None:
    shell = context.ensure_object(Shell)
    if value is not None:
        shell.config_file = value
