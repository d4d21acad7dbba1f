"""``python -m dashboard`` is the command ``gridboard``."""

from dashboard.cli import main

if __name__ == "__main__":
    main()
