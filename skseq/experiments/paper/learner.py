"""Train and ask a network, block by block, on symbols without one-hot arrays.

This is what ``partial_fit`` and ``predict_proba`` of the estimators do, run by the same
compiled programs from the same first weights: a test holds the two to each other. The
estimators take symbols one-hot, which for a block of task 2c with a thousand symbols
is a gigabyte of zeros; here symbols stay the indices that the programs read.
"""

from __future__ import annotations

import numpy as np

from skseq.estimators import StatefulLSTMClassifier
from skseq.experiments.paper.tasks import Form, Sample
from skseq.networks import NetworkSpec, initial_weights
from skseq.training import compiled
from skseq.training.compiled import Pieces, ProgramSpec, TrainingState
from skseq.training.schedule import prediction_schedule, training_schedule
from skseq.training.update_rules import UpdateRule

__all__ = ["Learner"]


class Learner:
    """A network that is trained block by block.

    Parameters
    ----------
    form : Form
        What the task asks for.
    random_state : int
        Draws the first weights, as in the estimators.
    **params : dict
        Parameters of the estimators: `units`, `batch_size`, `learning_rate`,
        `optimizer`, `global_clipnorm`, `forget_bias`, `max_lag`.
    """

    def __init__(self, form: Form, *, random_state: int, **params):
        # The estimator checks the parameters, and fills in its own defaults.
        estimator = StatefulLSTMClassifier().set_params(**params)
        estimator._validate_params()
        settings = estimator.get_params()
        self._network = NetworkSpec(
            "recurrent",
            settings["units"],
            form.n_features,
            form.n_timesteps,
            "per_step" if form.per_step else "last",
            form.n_timesteps if form.per_step else 1,
            form.n_outputs,
            tokens=form.tokens,
            masked=True,
        )
        options = estimator._optimizer_options()
        rate = options.pop("learning_rate")
        rule, self._numbers = UpdateRule.from_options(
            settings["optimizer"], rate, options, self._network.dtype
        )
        self._program = ProgramSpec(
            self._network,
            form.loss,
            rule,
            settings["batch_size"],
            weighted=form.per_step,
            idle=False,
        )
        seeds = np.random.RandomState(random_state)
        weights = initial_weights(
            self._network,
            np.random.RandomState(seeds.randint(2**31 - 1)),
            settings["forget_bias"],
            settings["max_lag"] or form.n_timesteps,
        )
        self._state = TrainingState.fresh(weights, rule)

    @property
    def n_weights(self) -> int:
        """Number of trained weights, biases included."""
        return sum(int(np.prod(weight.shape)) for weight in self._state.weights)

    def train(self, sample: Sample) -> float:
        """Train on each sequence once, in the given order; give the mean loss."""
        weights = sample.real.astype(float) if self._program.weighted else None
        data = Pieces(sample.x, sample.real, sample.targets, weights)
        schedule = training_schedule(len(sample), 1, self._program.batch_size)
        losses: list[float] = []
        for chunk in compiled.train(
            self._program,
            self._state,
            data,
            lambda: schedule,
            1,
            self._numbers,
            shuffled=False,
        ):
            losses.extend(chunk.losses)
        return losses[-1]

    def predict(self, sample: Sample) -> np.ndarray:
        """Give outputs (probabilities, or numbers), as the estimators do."""
        outputs, _ = compiled.predict(
            self._network,
            self._program.loss,
            list(self._state.weights),
            Pieces(sample.x, sample.real),
            prediction_schedule(len(sample), 1, 1, None, compiled.PREDICTION_WIDTH),
        )
        return outputs
