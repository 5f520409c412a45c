"""The desktop's notices: nothing is connected before the first one, and closing is always safe."""

from __future__ import annotations

from vesper.engines.notifier_desktop import DesktopNotices


async def test_one_that_was_never_used_is_closed_without_a_desktop() -> None:
    notices = DesktopNotices()
    notices.open()
    assert (notices.info.name, notices.probe().state) == ("desktop-notifier", "ok")
    await notices.close()
    await notices.close()
