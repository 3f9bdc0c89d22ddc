"""Lets ``python -m countenance`` do what the ``countenance`` command does."""

from countenance.interfaces.cli import main

if __name__ == "__main__":
    main()
