"""How much is measured: in full, or quickly."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """The extent of a run.

    Parameters
    ----------
    rounds : int
        Alternating runs of each contender; the tables show medians.
    share : float
        Share of every job that is done at all.
    loop_share : float
        Share of that which slow rivals do, where the job does not say less.
    step_counts : dict
        Lengths of sequence, each with the steps made at it.
    memory : tuple of tuple
        Fits in all, fits after which memory may no longer grow, and different shapes
        that take turns.
    texts : int
        Texts of 80 of 20,000 words that are fitted to.
    """

    rounds: int
    share: float
    loop_share: float
    step_counts: dict
    memory: tuple
    texts: int


FULL = Plan(
    rounds=5,
    share=1.0,
    loop_share=1.0,
    step_counts={10: 50_000, 100: 50_000, 1000: 50_000, 10_000: 50_000},
    memory=((200, 20, 16), (60, 20, 60)),
    texts=25_000,
)
QUICK = Plan(
    rounds=1,
    share=0.02,
    loop_share=1.0,
    step_counts={10: 2000, 1000: 2000},
    memory=((4, 2, 2),),
    texts=64,
)
