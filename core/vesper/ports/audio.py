"""Sound in and out: frames, devices, microphone, speaker.

Inside Vesper sound is mono float32 in [-1, 1]; the microphone side is 16 kHz in 10 ms frames. Positions are
sample numbers counted from the opening of the microphone, times are seconds of `Clock.monotonic`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FRAME_SAMPLES = 160

Samples = NDArray[np.float32]
View = Literal["raw", "linear", "clean"]
PlaybackKind = Literal["voice", "sound"]


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """10 ms of the microphone: 160 samples at 16 kHz.

    `first_sample` is its position in the stream, `captured_at` when its last sample was captured; `view` which
    processing it went through: raw, linear (linear echo filter) or clean (echo and noise removed).
    """

    samples: Samples
    first_sample: int
    captured_at: float
    view: View = "raw"

    @property
    def end_sample(self) -> int:
        """The position just behind this frame."""
        return self.first_sample + len(self.samples)


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A microphone or speaker by name, with its own rate in Hz and how many channels it gives.

    `is_default`: the system's own choice; `is_muted`: switched off in the system, not by Vesper; `is_call_quality`: a
    Bluetooth headset that sounds like a telephone while its microphone is open. `id` is what the sound system calls it,
    and `plugged` tells one that was pulled out and plugged in again from itself before.
    """

    name: str
    kind: Literal["input", "output"]
    rate: int
    is_default: bool = False
    id: str = ""
    plugged: int = 0
    channels: int = 1
    is_muted: bool = False
    is_call_quality: bool = False


class Microphone(Protocol):
    """An open microphone. Used by the audio thread alone."""

    @property
    def info(self) -> DeviceInfo:
        """The device that was really opened."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether a recording that stands in for a device is over; never of a real one."""
        ...

    @property
    def dropped(self) -> int:
        """Frames lost so far because nobody fetched them in time."""
        ...

    def read(self, timeout_s: float) -> list[AudioFrame]:
        """The frames that arrived, at least one unless `timeout_s` passed.

        Raises DeviceLost when the device is gone; EOFError when a file that stands in for it is over.
        """
        ...

    def close(self) -> None:
        """Close the device, truly: no sample arrives after this."""
        ...


class Playback(Protocol):
    """One thing being played: sound is appended until `finish`; methods may be called from any thread."""

    @property
    def played_s(self) -> float:
        """Seconds of this playback that have left the speaker."""
        ...

    @property
    def started_at(self) -> float | None:
        """When its first sample left the speaker (`Clock.monotonic`), None before that."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether its last sample has left the speaker or it was flushed."""
        ...

    def append(self, pcm: Samples) -> None:
        """Add sound at the rate given to `Speaker.play`. Ignored after `flush`."""
        ...

    def finish(self) -> None:
        """Nothing more will be appended."""
        ...

    def flush(self) -> None:
        """Be silent within 50 ms and end."""
        ...

    async def ended(self) -> None:
        """Wait until the last sample has left the speaker, or the flush is done."""
        ...


class Speaker(Protocol):
    """An open speaker that mixes what is played."""

    @property
    def info(self) -> DeviceInfo:
        """The device that was really opened."""
        ...

    def play(self, rate: int, *, gain: float = 1.0, kind: PlaybackKind = "voice") -> Playback:
        """Begin a playback of mono sound at `rate` Hz; the gain is linear.

        `kind`: an answer's voice, or a short sound; a sink that keeps what was spoken keeps the voice alone.
        """
        ...

    def use(self, name: str) -> None:
        """Play on this device from now on ("" = the system's choice); what sounds goes on there. Blocks a moment."""
        ...

    def duck(self, gain: float) -> None:
        """Scale everything played by `gain` (1.0 ends ducking), ramped within 50 ms."""
        ...

    def close(self) -> None:
        """End all playbacks and close the device."""
        ...


class AudioDevices(Protocol):
    """The machine's sound devices, or files that stand in for them."""

    def devices(self) -> Sequence[DeviceInfo]:
        """What is there now."""
        ...

    def open_microphone(self, name: str) -> Microphone:
        """Open by name ("" = the system's choice, also when the named one is away).

        Raises Missing("microphone.missing" or "microphone.busy", …).
        """
        ...

    def open_speaker(self, name: str) -> Speaker:
        """Open by name ("" = the system's choice). Raises Missing("speaker.missing", …)."""
        ...

    def rescan(self) -> None:
        """Look for devices anew. An open microphone misses a moment; what plays is not cut, it is looked afterwards."""
        ...

    def follow(self, on_change: Callable[[], None] | None) -> bool:
        """Call `on_change` (in any thread) whenever a device comes, goes, is muted, or the system's choice changes.

        None ends it. False when these devices never change: recordings, which must not be opened again either.
        """
        ...


Deliver = Callable[[object], None]
