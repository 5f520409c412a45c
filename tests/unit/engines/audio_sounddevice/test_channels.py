"""The channel that speaks is heard: the first, until another is louder for half a second or the first is dead."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.engines.audio_sounddevice.channels import ChannelChoice

BLOCK = 512


def block(*levels: float, seed: int = 0) -> np.ndarray:
    """32 ms in which each channel has noise of this level (RMS)."""
    noise = np.random.default_rng(seed).normal(0, 1, BLOCK)
    return (noise[:, None] * np.array(levels)).astype(np.float32).reshape(-1)


def hear(choice: ChannelChoice, *levels: float, blocks: int) -> np.ndarray:
    for seed in range(blocks):
        heard = choice.of(block(*levels, seed=seed))
    return heard


def test_one_channel_goes_through_as_it_is() -> None:
    sound = block(0.1)
    assert ChannelChoice(1).of(sound) is sound


def test_equal_channels_leave_the_first() -> None:
    choice = ChannelChoice(2)
    heard = hear(choice, 0.1, 0.1, blocks=100)
    assert choice.channel == 0
    assert heard == pytest.approx(block(0.1, seed=99), abs=1e-6), "not the mean of both, not half"


def test_a_channel_that_is_twice_as_loud_for_half_a_second_is_taken() -> None:
    choice = ChannelChoice(4)
    hear(choice, 0.01, 0.005, 0.1, 0.02, blocks=15)
    assert choice.channel == 0
    heard = hear(choice, 0.01, 0.005, 0.1, 0.02, blocks=1)
    assert choice.channel == 2
    assert np.sqrt(np.mean(np.square(heard))) == pytest.approx(0.1, rel=0.1)


def test_a_knock_on_another_channel_is_not_enough() -> None:
    choice = ChannelChoice(2)
    for _ in range(20):
        hear(choice, 0.01, 0.3, blocks=3)
        hear(choice, 0.01, 0.01, blocks=4)
    assert choice.channel == 0


def test_in_a_quiet_room_loudness_says_nothing() -> None:
    choice = ChannelChoice(2)
    hear(choice, 1e-5, 5e-4, blocks=200)
    assert choice.channel == 0


def test_a_dead_first_channel_is_left_even_in_a_quiet_room() -> None:
    choice = ChannelChoice(2)
    heard = hear(choice, 0.0, 2e-4, blocks=17)
    assert choice.channel == 1
    assert heard.any()


def test_all_channels_dead_is_no_reason_to_change() -> None:
    choice = ChannelChoice(3)
    hear(choice, 0.0, 0.0, 0.0, blocks=100)
    assert choice.channel == 0


def test_while_vesper_speaks_no_other_channel_is_taken() -> None:
    choice = ChannelChoice(2)
    for seed in range(100):
        choice.of(block(0.01, 0.3, seed=seed), may_change=False)
    assert choice.channel == 0
