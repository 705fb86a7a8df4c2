"""The errors a person can mend. Each becomes one line on the terminal and an exit code."""

from __future__ import annotations


class TerjimanError(Exception):
    """Something the user can mend: what is wrong, where, and how to fix it.

    Args:
        message: what is wrong, one sentence, no trailing full stop.
        place: file, or file and line, or option; empty where there is none.
        fix: what to do about it; empty where it is obvious.
    """

    exit_code = 2

    def __init__(self, message: str, *, place: str = "", fix: str = "") -> None:
        super().__init__(message)
        self.message, self.place, self.fix = message, place, fix

    def __str__(self) -> str:
        """Return the one line shown to a person: `place: message. fix`."""
        line = f"{self.place}: {self.message}" if self.place else self.message
        return f"{line}. {self.fix}" if self.fix else line

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the trip from a worker process (exceptions with keyword arguments do not by default)."""
        return _rebuild, (type(self), self.message, self.place, self.fix)


def _rebuild(cls: type[TerjimanError], message: str, place: str, fix: str) -> TerjimanError:
    return cls(message, place=place, fix=fix)


class UsageError(TerjimanError):
    """Bad job file, glossary, command line or parallel files: exit 2."""


class InputError(TerjimanError):
    """One document cannot be read (not UTF-8, empty, too big, hostile): fails its unit, not the run."""

    exit_code = 1


class MissingError(TerjimanError):
    """A model or an input file that must exist does not, or is damaged: exit 3."""

    exit_code = 3


class StorageError(TerjimanError):
    """The disk is full or read-only: exit 74."""

    exit_code = 74


class LockedError(TerjimanError):
    """Another run holds the lock: exit 75, try later."""

    exit_code = 75


class UsageErrorGroup(UsageError):  # noqa: N818
    """Several configuration errors found together, shown one a line before any work begins."""

    def __init__(self, errors: list[TerjimanError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the trip from a worker process."""
        return UsageErrorGroup, (self.errors,)
