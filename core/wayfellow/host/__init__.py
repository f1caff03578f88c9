"""Load plugins, keep them in order, isolate their failures, and offer their hooks as typed methods."""

from wayfellow.host.errors import PluginFailed, PluginRefused
from wayfellow.host.plugin_host import PluginHost
from wayfellow.host.records import Health, PlacedPanel, PluginInfo, ScoreAnswers

__all__ = ["Health", "PlacedPanel", "PluginFailed", "PluginHost", "PluginInfo", "PluginRefused", "ScoreAnswers"]
