"""The command, as `python -m probatum.cli`."""

from probatum.cli import main

main()
