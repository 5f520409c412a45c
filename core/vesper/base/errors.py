"""Every expected failure, as one small tree.

    VesperError                    exit code 1: what was asked for failed
    ├── WrongUsage                 2: the request itself makes no sense
    ├── Missing                    3: something needed is not there (engine, model, device, voice)
    │   └── DeviceLost             3: it was there and went away
    ├── BadInput                   1: a file, sentence or message that cannot be used
    ├── EngineFailed               1: an engine crashed, hung or answered nonsense
    └── StorageFailed              1: the user's data could not be read or written

An error carries a stable `code` for programs, a `sentence` for people and a `hint` that says what to do.
Anything that is not a VesperError is a bug: it is logged with its place and shown as one calm sentence.
Raise where the cause is known; catch at a turn, a task or a command, nowhere between.
"""

from __future__ import annotations


class VesperError(Exception):
    """An expected failure.

    `code` is dotted and stable ("model.missing"), `sentence` one plain sentence, `hint` what the user can do
    ("" when there is nothing), `exit_code` what a command ends with.
    """

    exit_code = 1

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint

    def as_dict(self) -> dict[str, str]:
        """The error as `--json` prints it under "error", and as `problem` events carry it."""
        return {"code": self.code, "sentence": self.sentence, "hint": self.hint}


class WrongUsage(VesperError):
    """The request itself makes no sense: an unknown setting, a value out of bounds."""

    exit_code = 2


class Missing(VesperError):
    """Something needed is not there: an engine, a model, a device, a voice, a running Vesper."""

    exit_code = 3


class DeviceLost(Missing):
    """A device that was in use went away or stopped delivering."""


class BadInput(VesperError):
    """A file, a sentence or a message from outside that cannot be used as it is."""


class EngineFailed(VesperError):
    """An engine crashed, hung past its deadline, or answered something that makes no sense."""


class StorageFailed(VesperError):
    """The user's data could not be read or written (disk full, read-only, wrong key, damaged)."""


def unexpected(error: BaseException) -> VesperError:
    """Any exception as a VesperError: itself when expected, else the one calm sentence for a bug."""
    if isinstance(error, VesperError):
        return error
    return VesperError(
        "vesper.bug",
        "Something went wrong inside Vesper.",
        f"The log says where ({type(error).__name__}). Nothing you saved is affected.",
    )
