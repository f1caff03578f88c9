"""Run ``python -m wayfellow`` as the ``wayfellow`` command."""

from wayfellow.cli import main

main()
