"""Mentorship matching and events, extended by plugins.

Plugin authors import ``hookimpl`` (and ``hookspec`` for hooks of their own) from here.
"""

from wayfellow._version import __version__
from wayfellow.markers import hookimpl, hookspec

__all__ = ["__version__", "hookimpl", "hookspec"]
