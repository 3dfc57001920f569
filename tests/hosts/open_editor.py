"""Opens one plugin's editor in DawDreamer and waits: `open_editor.py PLUGIN`. The call ends with
the window, so whoever starts this ends it."""

import sys

import vst3_host

# The engine has to outlive the call, so it has a name.
plugin = vst3_host.Plugin(sys.argv[1])
plugin.processor.open_editor()
