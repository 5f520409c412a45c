"""Real sound devices through PortAudio (sounddevice) and soxr.

`devices` finds and opens them by name, `microphone` turns blocks of the device into frames, `speaker` feeds the
device from the `mixer`, which is pure and knows what of each playback has really been heard.
"""

from vesper.engines.audio_sounddevice.devices import SoundDevices

__all__ = ["SoundDevices"]
