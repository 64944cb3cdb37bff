"""The ways to do a job, one module each; ``run`` trains one job once and times it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rival:
    """A row of the tables.

    Parameters
    ----------
    title : str
        Name for people.
    module : str
        Module of this package with ``run(name, seed, share, **options)``.
    slow : bool
        Measured on the job's `loop_share` only.
    fresh : bool
        Measured in a new process each time.
    options : dict
        Further arguments of ``run``.
    """

    title: str
    module: str
    slow: bool = False
    fresh: bool = False
    options: dict = field(default_factory=dict)


RIVALS = {
    "skseq": Rival("skseq", "skseq_"),
    "skseq-first": Rival("skseq, first fit of the process", "skseq_", fresh=True),
    "jax": Rival("JAX scan by hand", "jax_scan"),
    "torch-1": Rival(
        "PyTorch by hand, 1 thread", "torch_hand", True, options={"threads": 1}
    ),
    "torch-2": Rival(
        "PyTorch by hand, 2 threads", "torch_hand", True, options={"threads": 2}
    ),
    "skorch": Rival("skorch", "skorch_", True),
    "keras-fit": Rival("Keras, one fit call", "keras_fit", True),
    "scikeras": Rival("scikeras", "scikeras_", True),
    "keras-wrapper": Rival("Keras' scikit-learn wrapper", "keras_wrapper", True),
    "tutorial": Rival("tutorial loop", "tutorial", True),
}
