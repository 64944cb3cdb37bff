"""Warnings of this package."""

from sklearn.exceptions import ConvergenceWarning

__all__ = ["DivergenceWarning"]


class DivergenceWarning(ConvergenceWarning):
    """Training left the finite numbers; the estimator refuses to predict.

    See Also
    --------
    sklearn.exceptions.ConvergenceWarning : What it is a kind of.

    Examples
    --------
    Filters for scikit-learn's warning apply to it:

    >>> from sklearn.exceptions import ConvergenceWarning
    >>> from skseq.exceptions import DivergenceWarning
    >>> issubclass(DivergenceWarning, ConvergenceWarning)
    True
    """
