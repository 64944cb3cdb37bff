"""The progress bar of a fit."""

from __future__ import annotations

from tqdm.auto import tqdm

__all__ = ["Progress"]


class Progress:
    """Epochs done, the last loss and the time left, drawn after each chunk."""

    def __init__(self, estimator, epochs: int):
        self._bar = tqdm(
            total=epochs, desc=type(estimator).__name__, unit="epoch", leave=True
        )

    def stop(self, chunk) -> bool:
        """Draw; never a reason to stop."""
        self._bar.update(chunk.epochs - self._bar.n)
        if len(chunk.losses):
            self._bar.set_postfix(loss=f"{chunk.losses[-1]:.4g}", refresh=False)
        return False

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()
