"""Parameters routed to the optimizer, beside those of the constructor."""

from __future__ import annotations

from typing import Any, Self

from sklearn.base import BaseEstimator, clone
from sklearn.utils._param_validation import validate_parameter_constraints

from skseq.estimators._constraints import OPTION_CONSTRAINTS
from skseq.training.options import CLIPPING, OPTIMIZER_OPTIONS

__all__ = ["RoutedParameters"]

_PREFIX = "optimizer__"


class RoutedParameters(BaseEstimator):
    """An estimator that takes ``optimizer__momentum`` and its kin, as scikeras' do."""

    optimizer: str
    learning_rate: Any
    global_clipnorm: float | None

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
        super().set_params(**plain)
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
        twin = super().__sklearn_clone__()
        return twin.set_params(**clone(routed, safe=False)) if routed else twin

    def _routed(self) -> dict[str, Any]:
        return {n: value for n, value in vars(self).items() if n.startswith(_PREFIX)}

    def _routable(self) -> set[str]:
        known = isinstance(self.optimizer, str)
        own = OPTIMIZER_OPTIONS.get(self.optimizer, {}) if known else {}
        return {f"{_PREFIX}{name}" for name in ("learning_rate", *CLIPPING, *own)}

    def _optimizer_options(self) -> dict[str, Any]:
        """The optimizer's options, under Keras' names, the learning rate among
        them; a routed one stands above the parameter of its name."""
        plain = {
            "learning_rate": self.learning_rate,
            "global_clipnorm": self.global_clipnorm,
        }
        routed = self._routed()
        own = {name.removeprefix(_PREFIX): value for name, value in routed.items()}
        validate_parameter_constraints(
            {f"{_PREFIX}{name}": OPTION_CONSTRAINTS[name] for name in own},
            routed,
            caller_name=type(self).__name__,
        )
        options = {**plain, **own}
        clipping = [name for name in CLIPPING if options.get(name) is not None]
        if len(clipping) > 1:
            raise ValueError(
                f"Only one kind of gradient clipping can be used, got {clipping}; "
                "set the others to None."
            )
        return options
