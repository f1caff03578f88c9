"""The plugin keeps the contract of plugins."""

from wayfellow.testing.checks import check_plugin
from wayfellow_events import plugin


def test_the_plugin_as_a_whole():
    check_plugin("events", plugin)
