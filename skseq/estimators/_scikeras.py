"""The one door to scikeras, and the list of what is mended behind it.

scikeras 0.13 is its last release.  Under scikit-learn 1.6 and later some of it
goes wrong, most of it silently; each mend below says what it mends, and
``tests/estimators/test_scikeras.py`` shows each defect in scikeras as it is, so
that a release without it is noticed and the mend can go.
"""

from __future__ import annotations

from typing import Any, Self

import keras
from sklearn.base import BaseEstimator, clone
from sklearn.utils._param_validation import validate_parameter_constraints

# Importing scikeras replaces how every Keras model, loss, metric and optimizer
# of the process is pickled and copied.  Ours keep no Keras object, so what was
# there is put back.
_PATCHED = (
    (keras.Model, "__reduce__"),
    (keras.Model, "__deepcopy__"),
    (keras.losses.Loss, "__reduce__"),
    (keras.metrics.Metric, "__reduce__"),
    (keras.optimizers.Optimizer, "__reduce__"),
)
_BEFORE = [vars(owner).get(name) for owner, name in _PATCHED]

from scikeras._utils import route_params  # noqa: E402
from scikeras.wrappers import BaseWrapper  # noqa: E402

for (_owner, _name), _original in zip(_PATCHED, _BEFORE, strict=True):
    if _original is None:
        delattr(_owner, _name)
    else:
        setattr(_owner, _name, _original)

from skseq.estimators._constraints import OPTION_CONSTRAINTS  # noqa: E402
from skseq.training.options import CLIPPING, OPTIMIZER_OPTIONS  # noqa: E402

__all__ = ["KerasWrapper"]

# scikit-learn refuses any class in the line of ancestors that has the tags of
# old and not those of today.  Passing the question on changes nothing for other
# users of scikeras.
if "__sklearn_tags__" not in vars(BaseWrapper):
    BaseWrapper.__sklearn_tags__ = lambda self: super(
        BaseWrapper, self
    ).__sklearn_tags__()

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        f"skseq trains with Keras on TensorFlow, but Keras is set to "
        f"{keras.backend.backend()!r}. Set the environment variable "
        "KERAS_BACKEND=tensorflow (or remove it) before Keras is first imported."
    )


class KerasWrapper(BaseWrapper):
    """scikeras' wrapper as today's scikit-learn needs it.

    Kept of it: building the model through ``_keras_build_fn``, and routed
    parameters such as ``optimizer__momentum``.
    """

    # What scikeras reads on the way to ``_keras_build_fn``; no parameters here.
    model = None
    build_fn = None
    # Where a seed is set, scikeras switches TensorFlow's op determinism on for
    # the whole process and leaves it on (it asks what to go back to only after
    # changing the environment that answers), and starts TensorFlow's random
    # numbers over.  With None it never does: our seeds go into the weights'
    # initializers and the schedule.
    _random_state = None

    # scikeras takes parameter names from the instance's dict, so that clone
    # misses what a subclass declares; scikit-learn's own reads the signature.
    _get_param_names: Any = classmethod(BaseEstimator._get_param_names.__func__)

    # scikeras prints tabs between parameters, and breaks the HTML view.
    __repr__ = BaseEstimator.__repr__

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Get the parameters, routed ones that were set included.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include routed parameters such as ``optimizer__momentum``.

        Returns
        -------
        dict
            Parameter names and values.
        """
        params = super().get_params(deep=deep)
        return {**params, **self._routed()} if deep else params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, routed ones (``optimizer__momentum``) included.

        Parameters
        ----------
        **params : dict
            Names and values.

        Returns
        -------
        self : object
            This estimator.

        Raises
        ------
        ValueError
            If a name is unknown; it gives the valid ones.
        """
        plain = {name: value for name, value in params.items() if "__" not in name}
        routed = {name: value for name, value in params.items() if "__" in name}
        BaseEstimator.set_params(self, **plain)
        valid = self._routable()
        for name in routed:
            if name not in valid:
                raise ValueError(
                    f"Invalid parameter {name!r} for {type(self).__name__} with "
                    f"optimizer={self.optimizer!r}. Valid routed parameters are: "
                    f"{sorted(valid)}."
                )
        self.__dict__.update(routed)
        return self

    def __sklearn_clone__(self):
        """Clone with routed parameters, which no constructor argument holds."""
        routed = self._routed()
        twin = BaseEstimator.__sklearn_clone__(self)
        return twin.set_params(**clone(routed, safe=False)) if routed else twin

    def _routed(self) -> dict:
        return {name: value for name, value in vars(self).items() if "__" in name}

    def _routable(self) -> set[str]:
        known = isinstance(self.optimizer, str)
        own = OPTIMIZER_OPTIONS.get(self.optimizer, {}) if known else {}
        return {f"optimizer__{name}" for name in ("learning_rate", *CLIPPING, *own)}

    def _optimizer_options(self) -> dict:
        """The optimizer's options, under Keras' names, the learning rate among
        them; a routed one stands above the parameter of its name."""
        plain = {
            "learning_rate": self.learning_rate,
            "global_clipnorm": self.global_clipnorm,
        }
        routed = route_params(
            self.get_params(), destination="optimizer", pass_filter=set(), strict=True
        )
        options = {**plain, **routed}
        validate_parameter_constraints(
            {f"optimizer__{name}": OPTION_CONSTRAINTS[name] for name in routed},
            {f"optimizer__{name}": value for name, value in routed.items()},
            caller_name=type(self).__name__,
        )
        clipping = [name for name in CLIPPING if options.get(name) is not None]
        if len(clipping) > 1:
            raise ValueError(
                f"Only one kind of gradient clipping can be used, got {clipping}; "
                "set the others to None."
            )
        return options
