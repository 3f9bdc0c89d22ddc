"""The command tree and the one place where an error becomes a sentence and a status."""

from __future__ import annotations

import typer

from countenance.errors import ConfigurationError, CountenanceError
from countenance.interfaces.cli.commands import add_commands
from countenance.interfaces.cli.exits import EXIT_STATUSES
from countenance.interfaces.cli.said import fail

_HELP = """Compare faces at a checkpoint that a published charter allows.

Every comparison is recorded before it is answered, refusing is always offered first, and a human decides anything
adverse. A score is not a decision, and 'no match' says nothing about the person.

\b
Begin:
  countenance demo --photos .cache/photos     people cross two checkpoints; look at demo.html
  countenance init SITE                       make a site of your own
  countenance serve SITE                      and open it for capture devices and officers
"""

_STATUSES = "\b\nExit status:\n" + "\n".join(f"  {status}  {sentence}" for status, sentence in EXIT_STATUSES)

app = typer.Typer(
    name="countenance", help=_HELP, epilog=_STATUSES, no_args_is_help=True, add_completion=False,
    rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
add_commands(app)


def main() -> None:
    """Run the command line; end with a status from :mod:`countenance.interfaces.cli.exits`."""
    try:
        app(prog_name="countenance")
    except CountenanceError as error:
        fail(error)
    except OSError as error:
        fail(_unusable_file(error))


def _unusable_file(error: OSError) -> CountenanceError:
    """Return the operating system's refusal of a file as an error of ours; what happened before it, happened."""
    return ConfigurationError(
        "cli.file",
        f"{error.filename or 'A file'} cannot be used ({error.strerror or type(error).__name__}).",
        remedy="Name a file or folder that this account may read or write.",
    )
