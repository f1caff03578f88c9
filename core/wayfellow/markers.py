"""Hold the two marks that name hooks: ``hookspec`` declares one, ``hookimpl`` implements one."""

import pluggy

hookspec = pluggy.HookspecMarker("wayfellow")
hookimpl = pluggy.HookimplMarker("wayfellow")
