"""The voice loop as one thing: everything that listens, speaks and rings, started and stopped together, and what the
window, the keys and the command line may ask of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from vesper.audio.ears import Ears
from vesper.audio.interruption import Phase, Signal
from vesper.base.clock import Clock
from vesper.base.tasks import TaskOwner
from vesper.voice.conversation import Conversation
from vesper.voice.earcons import Earcons
from vesper.voice.listening import Listening
from vesper.voice.microphone import MicrophoneCare
from vesper.voice.openings import Openings
from vesper.voice.output import Output
from vesper.voice.ringing import Ringing
from vesper.voice.speaking import Speaking, once
from vesper.voice.speech_engines import SpeechEngines
from vesper.voice.stop_phrase import StopPhrase

_WAIT_FOR_QUIET_S = 0.2


@dataclass(frozen=True, slots=True)
class VoiceParts:
    """What a voice loop is made of; `assembly.py` puts it together."""

    ears: Ears
    microphone: MicrophoneCare
    listening: Listening
    openings: Openings
    conversation: Conversation
    speaking: Speaking
    ringing: Ringing
    earcons: Earcons
    output: Output
    stop_phrase: StopPhrase
    engines: SpeechEngines
    clock: Clock


class VoiceLoop:
    """Runs the voice parts. All methods belong to the core's loop."""

    def __init__(self, parts: VoiceParts) -> None:
        self.parts = parts
        self._owner = TaskOwner("voice")
        openings = parts.openings
        openings.cut_sound = self._cut_sound
        openings.give_up_hearing = parts.listening.give_up
        openings.stop_ringing = lambda: self._owner.start(parts.ringing.stop(), "stop ringing")
        parts.ringing.announce = self.announce

    async def start(self, *, threaded: bool = True) -> None:
        """Ears first, so that nothing said meanwhile is lost; then the loop that answers; its engines come beside it.

        Without `threaded` somebody else steps the ears (recorded audio on a virtual clock).
        """
        await self.parts.engines.open_hearing()
        if threaded:
            self.parts.ears.start()
        self.parts.ringing.start()
        self._owner.start(self.parts.conversation.run(), "conversation")
        await self.parts.microphone.start()
        self._owner.start(self.parts.engines.open_speech(), "speech engines")

    async def close(self) -> None:
        """Fall silent, close the devices, end the thread."""
        parts = self.parts
        parts.speaking.cut("user")
        await parts.ringing.close()
        await parts.stop_phrase.close()
        await self._owner.close()
        await parts.microphone.close()
        await asyncio.to_thread(parts.ears.close)

    async def mute(self, on: bool) -> None:
        """Close the microphone truly, or open it again."""
        self.parts.listening.give_up()
        self.parts.openings.withdraw()
        await self.parts.microphone.mute(on)
        await self.parts.earcons.play("muted" if on else "unmuted")

    async def talk(self) -> None:
        """Listen now; a muted microphone is opened, because the button says so."""
        await self._unmuted()
        self.parts.listening.talk()

    async def talk_start(self) -> None:
        """Listen for as long as a key is held."""
        await self._unmuted()
        self.parts.listening.talk("hold")

    async def talk_stop(self) -> None:
        """The key was let go."""
        self.parts.listening.release()

    async def toggle(self) -> None:
        """Listen now, or finish what is being heard."""
        if self.parts.openings.phase is Phase.HEARING:
            self.parts.listening.release()
        else:
            await self.talk()

    async def stop(self) -> bool:
        """Be silent: end what is said, rung or heard; returns whether there was anything to end."""
        was_busy = self.parts.openings.phase is not Phase.ARMED or self.parts.ringing.is_ringing
        self.parts.openings.signal(Signal.STOP_KEY)
        return was_busy

    @property
    def is_idle(self) -> bool:
        """Whether no turn runs and none is about to."""
        return not self.parts.conversation.is_in_turn and not self.parts.openings.is_pending

    async def announce(self, text: str) -> None:
        """Say something that belongs to no turn, as soon as the voice is there and nobody else speaks."""
        await self.parts.engines.ready()
        while not self.is_idle or self.parts.speaking.is_speaking:
            await self.parts.clock.sleep(_WAIT_FOR_QUIET_S)
        await self.parts.speaking.say(once(text))

    @property
    def is_thinking(self) -> bool:
        """Whether an answer is being made of which nothing has been heard yet, or an opening is to be taken."""
        openings = self.parts.openings
        return openings.is_pending or openings.phase is Phase.THINKING or self.parts.speaking.is_preparing

    async def setting_changed(self, name: str) -> None:
        """Let a changed setting work at once."""
        match name:
            case "audio.input_device":
                await self.parts.microphone.reopen()
            case "audio.output_device":
                await self.parts.output.switch()
            case "wake.phrases" | "wake.sensitivity":
                self.parts.ears.do(self.parts.engines.choose_phrases)
                await self.parts.engines.load_grammar()
            case _:
                return

    def _cut_sound(self, by: str) -> None:
        self.parts.speaking.cut(by)
        self.parts.output.silence()

    async def _unmuted(self) -> None:
        if self.parts.microphone.is_muted:
            await self.parts.microphone.mute(False)
