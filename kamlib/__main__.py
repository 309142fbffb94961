"""The command ``kam``, also as ``python -m kamlib``: from here it can be stopped while it still loads."""

import sys

_STOPPED = 130  # what a shell says of a command that Ctrl-C has ended


def main() -> None:
    """Load the command line and run it."""
    try:
        from kamlib import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit(_STOPPED)


if __name__ == "__main__":
    main()
