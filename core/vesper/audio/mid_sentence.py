"""Whether a wake phrase, if one is noticed now, was said in the middle of a sentence. Pure.

In: the probabilities of speech of what is attended to. Out: yes when somebody was already speaking just before the
phrase would have begun. Then a phrase is hardly meant, and "what can you do" must not begin the turn anew; after a
pause the phrase begins something, and is as good as the first time.
"""

from __future__ import annotations

from collections import deque

from vesper.ports.audio import SAMPLE_RATE

# A phrase of two words takes 0.5 to 0.8 s and is noticed up to 0.3 s behind its end.
_PHRASE_SAMPLES = round(1.1 * SAMPLE_RATE)
_PAUSE_SAMPLES = round(0.35 * SAMPLE_RATE)
_VOICED = 0.5


class MidSentence:
    """Follows the voice while a sentence is heard."""

    def __init__(self) -> None:
        self._voiced: deque[int] = deque()

    def forget(self) -> None:
        """Nobody is attended to any more, or a sentence begins."""
        self._voiced.clear()

    def hear(self, end_sample: int, probability: float) -> None:
        """One step of voice activity that ends at `end_sample`."""
        if probability >= _VOICED:
            self._voiced.append(end_sample)
        while self._voiced and self._voiced[0] < end_sample - _PHRASE_SAMPLES - _PAUSE_SAMPLES:
            self._voiced.popleft()

    def at(self, now_sample: int) -> bool:
        """Whether somebody spoke in the pause that would stand before a phrase noticed now."""
        begins = now_sample - _PHRASE_SAMPLES
        return any(begins - _PAUSE_SAMPLES <= end <= begins for end in self._voiced)
