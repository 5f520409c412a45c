"""Wake phrases by microWakeWord: `engine` runs the models, `phrases` is what is known of each, `candidate` decides
whether a rise of a score is the phrase, `surroundings` how noisy it is. The last two are pure.
"""

from vesper.engines.wake_microwakeword.engine import MicroWakeWordDetector

__all__ = ["MicroWakeWordDetector"]
