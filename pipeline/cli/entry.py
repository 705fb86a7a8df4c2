"""The commands by name, and what becomes of their errors."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from corpora.errors import StorageError, TerjimanError
from pipeline.cli import Stopped, leave
from pipeline.cli.common import flush_stdout, settle_stdout
from pipeline.cli.signals import Listener

# name -> module below pipeline.cli; loaded only when called, so that every command starts fast
COMMANDS: dict[str, str] = {
    "run": "run",
    "plan": "plan",
    "status": "status",
    "config": "config",
    "init": "init",
    "gc": "gc",
    "translate": "translate",
    "review": "review",
    "export": "export",
    "compare": "compare",
    "split": "split",
    "verify": "verify",
    "check": "check",
    "enforce": "enforce",
    "glossary": "glossary",
    "align": "align",
    "score": "score",
    "models": "models",
}


class LazyGroup(TyperGroup):
    """A command group that imports a command's module when it is first needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module and return its command, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipeline.cli.{COMMANDS[cmd_name]}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"terjiman {importlib.metadata.version('terjiman')}")
        raise typer.Exit


app = typer.Typer(
    cls=LazyGroup, add_completion=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@app.callback()
def cli(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show it."),
) -> None:
    """Translate testimony and news with every name and place right, on this machine alone."""


def main() -> None:
    """Run the command line; every error a person can mend becomes its line on stderr and its exit code."""
    Listener()
    try:
        _run()
    except TerjimanError as error:
        print(f"terjiman: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Stopped as stopped:
        settle_stdout()
        leave(stopped.signum)  # at once: a model that is deep in a batch would be waited for
    except BrokenPipeError:
        sys.exit(141)  # nobody reads it: as if SIGPIPE had ended us
    except OSError as error:
        place = error.filename or "standard output or a file"
        print(f"terjiman: {place}: {error.strerror}. Mend that and run again", file=sys.stderr)
        sys.exit(StorageError.exit_code)
    finally:
        settle_stdout()


def _run() -> None:
    """Run the command and see what it printed through.

    Raises:
        SystemExit: always, unless an error comes first.
        BrokenPipeError: nobody reads what it prints. Typer and Rich make an exit with 1 of that.
    """
    stdout = sys.stdout
    try:
        typer.main.get_command(app).main(prog_name="terjiman")
    except SystemExit as end:
        sys.stdout = stdout  # Typer may have put another in its place
        if isinstance(end.__context__, BrokenPipeError):
            raise BrokenPipeError from None
        flush_stdout()
        raise
