"""What is refused leaves the estimator as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["unchanged_on_error"]


@contextmanager
def unchanged_on_error(estimator: Any) -> Iterator[Callable[[], None]]:
    """Put an estimator's attributes back if the block raises.

    Parameters
    ----------
    estimator : estimator
        Its attributes may be set in the block, but not changed in place.

    Yields
    ------
    callable
        To be called once there is something to keep: whatever is raised later, the
        attributes stay.
    """
    before: dict[str, Any] | None = dict(vars(estimator))

    def keep() -> None:
        nonlocal before
        before = None

    try:
        yield keep
    except BaseException:
        if before is not None:
            vars(estimator).clear()
            vars(estimator).update(before)
        raise
