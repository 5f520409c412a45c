"""A file and a folder, offered as the devices of a machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import Missing, VesperError
from vesper.engines.audio_wavfile.microphone import Pace, WavMicrophone, opened
from vesper.engines.audio_wavfile.speaker import WavSpeaker
from vesper.ports.audio import SAMPLE_RATE, DeviceInfo
from vesper.ports.engine import EngineInfo, Probe


class WavDevices:
    """A sound file as the microphone and `out_dir` as the speaker (None: what is played is only timed).

    `pace` "real" gives frames when their time has come, "fast" one frame at each read. After the file faint noise
    goes on for `tail_s` (may be infinite: then `has_ended` of the microphone says when the file was over).
    """

    def __init__(
        self,
        path: Path | None = None,
        out_dir: Path | None = None,
        clock: Clock | None = None,
        *,
        pace: Pace = "real",
        tail_s: float = 0.0,
    ) -> None:
        self._path = path
        self._out_dir = out_dir
        self._clock = clock or SystemClock()
        self._pace: Pace = pace
        self._tail_s = tail_s

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["pace"]`."""
        return EngineInfo("wavfile", facts={"pace": self._pace})

    def open(self) -> None:
        """Nothing to load before a file is named."""

    def close(self) -> None:
        """Nothing is kept; microphone and speaker are closed by themselves."""

    def probe(self) -> Probe:
        """Whether the file can be read."""
        try:
            if self._path is not None:
                opened(self._path).close()
        except VesperError as error:
            return Probe("problem", error.sentence, error.hint)
        return Probe("ok", self._path.name if self._path else "no file")

    def devices(self) -> Sequence[DeviceInfo]:
        """The file and the folder, by their names."""
        found = [DeviceInfo(str(self._out_dir or "nowhere"), "output", SAMPLE_RATE, is_default=True)]
        if self._path is not None:
            found.insert(0, DeviceInfo(self._path.name, "input", SAMPLE_RATE, is_default=True))
        return found

    def open_microphone(self, name: str) -> WavMicrophone:
        """Open the file, whatever the name. Raises Missing("microphone.missing"), BadInput("audio.…")."""
        del name
        if self._path is None:
            raise Missing("microphone.missing", "No sound file was named.", "Name one with --wav FILE.")
        return WavMicrophone(self._path, self._clock, pace=self._pace, tail_s=self._tail_s)

    def open_speaker(self, name: str) -> WavSpeaker:
        """A sink that writes what is spoken into the folder, whatever the name.

        Raises BadInput("audio.not_written") when the folder cannot be made.
        """
        del name
        return WavSpeaker(self._out_dir, self._clock)

    def rescan(self) -> None:
        """Files neither come nor go."""

    def follow(self, on_change: Callable[[], None] | None) -> bool:
        """False: files neither come nor go."""
        del on_change
        return False
