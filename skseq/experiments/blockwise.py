"""Train on block after block of fresh sequences, until it is enough."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np
import sklearn
from sklearn.base import is_classifier
from sklearn.pipeline import Pipeline

from skseq.experiments.data import Arrays, Case, cases
from skseq.experiments.fresh import Drawn, Source, labels_of, wrongness
from skseq.experiments.pipelines import build, model_params
from skseq.experiments.repeats import stack
from skseq.experiments.stops import STOPS, TESTED_AT_ONCE
from skseq.experiments.streams import seed_for

__all__ = ["Learner", "run_until"]


class Learner:
    """A network behind its transformers that goes on with what comes next.

    Parameters
    ----------
    pipeline : Pipeline
        What `pipelines.build` gave. It is trained itself.
    """

    def __init__(self, pipeline: Pipeline):
        self._network = pipeline[-1]
        self._before = pipeline[:-1] if len(pipeline) > 1 else None
        self._labels: np.ndarray | None = None
        self.losses: list[float] = []

    @property
    def answers(self) -> bool:
        """Whether it was trained, and did not diverge."""
        return bool(self.losses) and bool(np.isfinite(self.losses[-1]))

    @property
    def n_weights(self) -> int:
        """Number of trained weights, biases included."""
        return sum(weight.size for weight in self._network.weights_)

    def train(self, block: Drawn) -> None:
        """Train on each sequence once; the first block has every label."""
        if self._before is not None and not self.losses:
            self._before.fit(block.X)
        X, y = self._features(block), block.y
        if isinstance(X, list) and y.ndim > 1:
            y = list(y)
        labels = {}
        if is_classifier(self._network):
            if self._labels is None:
                self._labels = labels_of(block)
            labels = {"classes": self._labels}
        self._network.partial_fit(X, y, **labels)
        self.losses.append(float(self._network.loss_curve_[-1]))

    def errors(self, drawn: Drawn) -> np.ndarray:
        """Return how wrong each answer is; as wrong as can be where there is none."""
        if not self.answers:
            return np.full(len(drawn), np.inf)
        X = self._features(drawn)
        if self._labels is None:
            return wrongness(self._network.predict(X), drawn, None)
        outputs = np.stack([*self._network.predict_proba(X)])
        return wrongness(outputs, drawn, self._labels)

    def _features(self, drawn: Drawn) -> Any:
        return drawn.X if self._before is None else self._before.transform(drawn.X)


def run_until(
    problem: str, seed: int, repeats: int, spec: Mapping[str, Any]
) -> tuple[Arrays, Pipeline]:
    """Train one configuration from every seed, in each case of the problem.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    repeats : int
        Runs in each case, of which there are no more cases once none has succeeded in
        as many in a row as the sweep calls `hopeless`.
    spec : mapping
        What `config.configuration_spec` gives.

    Returns
    -------
    arrays : dict of str to ndarray
        Behind case and configuration, as in ``q=10/chrono.solved``, of shape
        ``(repeats, ...)``: ``solved``; ``sequences`` trained on; ``loss`` of every
        block, ended by NaN; ``weights``, their number; ``errors``, how wrong the
        answers to fresh sequences are afterwards.
    model : Pipeline
        The first that has learnt; the first of all if none has.
    """
    arrays: Arrays = {}
    kept: tuple[Pipeline, bool] | None = None
    failed = 0
    with sklearn.config_context(enable_metadata_routing=True):
        for case in cases(spec["data"]):
            if failed == (spec["data"]["sweep"] or {}).get("hopeless", inf):
                break
            runs = []
            for repeat in range(repeats):
                model, run = _run(problem, seed, spec, case, repeat)
                if kept is None or (run["solved"] and not kept[1]):
                    kept = model, bool(run["solved"])
                runs.append(run)
                said = {key: run[key].item() for key in ("solved", "sequences")}
                print(case.label, spec["configuration"], repeat, said, flush=True)
            for key in runs[0]:
                name = f"{case.prefix}{spec['configuration']}.{key}"
                arrays[name] = stack([run[key] for run in runs])
            failed = 0 if any(run["solved"] for run in runs) else failed + 1
    assert kept is not None
    return arrays, kept[0]


def _run(
    problem: str, seed: int, spec: Mapping[str, Any], case: Case, repeat: int
) -> tuple[Pipeline, Arrays]:
    # A problem that sweeps nothing has no case to tell apart.
    indices = (repeat, case.index) if case.label else (repeat,)
    training, testing = (
        Source(spec["data"], case, seed_for(seed, problem, f"{use} data", *indices))
        for use in ("train", "test")
    )
    params = {**spec["params"], "random_state": seed_for(seed, problem, "fit", repeat)}
    pipeline = build(spec).set_params(**model_params(spec, params))
    learner = Learner(pipeline)
    asked = dict(spec["until"])
    stop = STOPS[asked.pop("kind")](training, testing, **asked)
    size, sequences, solved = spec["data"]["stream"]["block"], 0, False
    while sequences + size <= spec["budget"] and not solved:
        block = stop.block(size)
        stop.before(block, learner.errors)
        learner.train(block)
        sequences += size
        if not learner.answers:
            break
        solved = stop.met(learner.errors)
    fresh = stop.fresh(spec["data"]["stream"]["test"])
    # A few at a time: of ten thousand steps they fill the memory as floats.
    rows = np.split(
        np.arange(len(fresh)), range(TESTED_AT_ONCE, len(fresh), TESTED_AT_ONCE)
    )
    errors = np.concatenate([learner.errors(fresh.take(some)) for some in rows])
    return pipeline, {
        "solved": np.array(solved),
        "sequences": np.array(sequences),
        "loss": np.array(learner.losses),
        "weights": np.array(learner.n_weights),
        "errors": errors.astype(np.float32),
    }
