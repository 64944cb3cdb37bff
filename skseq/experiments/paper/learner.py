"""Train and ask a network, block by block, on symbols without one-hot arrays.

This is what ``partial_fit`` and ``predict_proba`` of the estimators do, run by the same
compiled programs from the same first weights: a test holds the two to each other. The
estimators take symbols one-hot, which for a block of task 2c with a thousand symbols
is a gigabyte of zeros; here symbols stay the indices that the programs read.
"""

from __future__ import annotations

import numpy as np

from skseq.estimators import RecurrentClassifier
from skseq.experiments.paper.tasks import Form, Sample
from skseq.inference.forward import forward, lanes_of
from skseq.networks.spec import NetworkSpec
from skseq.training.options import UpdateRule, takes_the_whole_fit
from skseq.training.plan import Pieces, Plan, ProgramSpec
from skseq.training.rates import keras_rate
from skseq.training.schedule import training_schedule
from skseq.training.trainer import start, train

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
        Parameters of the estimators: `cell`, `units`, `batch_size`,
        `learning_rate`, `optimizer`, `global_clipnorm`, `forget_bias`, `max_lag`.
    """

    def __init__(self, form: Form, *, random_state: int, **params):
        # The estimator checks the parameters, and fills in its own defaults.
        estimator = RecurrentClassifier().set_params(**params)
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
            cell=settings["cell"],
        )
        options = estimator._optimizer_options()
        rate = options.pop("learning_rate")
        rule, self._numbers = UpdateRule.from_options(
            settings["optimizer"], rate, options, self._network.dtype
        )
        if takes_the_whole_fit(rate):
            raise ValueError(
                f"learning_rate={rate!r} has no decay_steps, and nobody knows how many "
                "updates a stream will bring; set decay_steps."
            )
        self._learning_rates = keras_rate(rate, 0) if rule.scheduled else None
        self._program = ProgramSpec(
            self._network,
            form.loss,
            rule,
            settings["batch_size"],
            weighted=form.per_step,
            idle=False,
        )
        self._longest_lag = form.n_timesteps
        nothing = np.empty(0)
        self._learnt = start(
            self._plan(Pieces(nothing, None, nothing, None), 0),
            np.random.RandomState(random_state),
            settings["forget_bias"],
            settings["max_lag"],
        )

    def _plan(self, data: Pieces, n_rows: int) -> Plan:
        """Every sequence once, in the given order."""
        schedule = training_schedule(n_rows, 1, self._program.batch_size)
        return Plan(
            self._program,
            data,
            self._numbers,
            lambda order: schedule,
            self._longest_lag,
            None,
            learning_rates=self._learning_rates,
        )

    @property
    def n_weights(self) -> int:
        """Number of trained weights, biases included."""
        return sum(int(np.prod(weight.shape)) for weight in self._learnt.weights)

    def train(self, sample: Sample) -> float:
        """Train on each sequence once, in the given order; give the mean loss."""
        weights = sample.real.astype(float) if self._program.weighted else None
        data = Pieces(sample.x, sample.real, sample.targets, weights)
        plan = self._plan(data, len(sample))
        for chunk in train(plan, self._learnt, 1, shuffle=False):
            self._learnt = chunk.learnt
        return self._learnt.losses[-1]

    def predict(self, sample: Sample) -> np.ndarray:
        """Give outputs (probabilities, or numbers), as the estimators do."""
        outputs = forward(
            self._network,
            self._learnt.weights,
            sample.x,
            sample.real.sum(axis=1),
            lanes_of(len(sample)),
            loss=self._program.loss,
        )
        return outputs[:, 1:] if self._network.answers_steps else outputs
