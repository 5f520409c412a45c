"""Stop, repeat and undo."""

from __future__ import annotations

from datetime import timedelta

from tests.support.conversation import conversation
from vesper.skills.builtin.turn_control import TurnControl


async def test_stop_silences_the_voice_and_says_nothing() -> None:
    async with conversation() as talk:
        talk.voice.is_speaking = True

        result = await talk.ask("stop")

        assert (result.answer, result.spoken) == ("Stopped.", "")
        assert not talk.voice.is_speaking


async def test_stop_ends_what_rings() -> None:
    async with conversation() as talk:
        await talk.keeper.start()
        await talk.keeper.add_timer(timedelta(minutes=1), "tea")
        await talk.clock.advance(61)
        assert [timer.state for timer in talk.keeper.timers()] == ["ringing"]

        assert await talk.say("stop it") == "Stopped."

        assert talk.keeper.timers() == ()


async def test_stop_with_nothing_to_stop_is_calm() -> None:
    async with conversation() as talk:
        assert await talk.say("never mind") == "Okay."


async def test_stop_goes_before_everything_else() -> None:
    assert next(spec for spec in TurnControl.intents if spec.name == "cancel").priority > 0


async def test_repeat_says_the_last_answer_again_also_after_a_stop() -> None:
    async with conversation() as talk:
        assert await talk.say("say that again") == "I haven't said anything yet."
        answer = await talk.say("what time is it in tokyo")
        await talk.say("stop")

        assert await talk.say("what did you say") == answer
        assert await talk.say("once more") == answer


async def test_undo_takes_the_last_action_back_once() -> None:
    async with conversation() as talk:
        await talk.say("louder")
        await talk.say("what time is it")  # reading changes nothing, so it is not what undo means

        assert await talk.say("undo that") == "The volume is back at 80 percent."
        assert await talk.say("undo that") == "There's nothing I can take back."
