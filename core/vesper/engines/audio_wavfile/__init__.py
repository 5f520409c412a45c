"""Files in place of sound devices: a recording is the microphone, a folder of WAVs the speaker.

Both directions live on the clock that is handed in: frame n is captured at the opening plus n * 10 ms, and what is
"played" moves with that clock, whether it is real or virtual.
"""

from vesper.engines.audio_wavfile.devices import WavDevices

__all__ = ["WavDevices"]
