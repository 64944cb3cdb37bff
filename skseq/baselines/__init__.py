"""Rules to stand beside every trained network.

Forecasting rules read windows of consecutive values, oldest first, as
`SupervisedWindower` makes them, and learn nothing. `LookupClassifier` is the best that
a rule without memory can do about symbols.
"""

from skseq.baselines._forecasts import (
    CorrectedForecaster,
    PersistenceForecaster,
    SeasonalChangeForecaster,
    SeasonalForecaster,
)
from skseq.baselines._lookup import LookupClassifier

__all__ = [
    "CorrectedForecaster",
    "LookupClassifier",
    "PersistenceForecaster",
    "SeasonalChangeForecaster",
    "SeasonalForecaster",
]
