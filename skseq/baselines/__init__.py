"""Rules to stand beside every trained network.

Forecasting rules read windows of consecutive values, oldest first, as
`SupervisedWindower` makes them, and learn nothing; where a window has several targets
they forecast as many. `LookupClassifier` is the best that a rule without memory can
do about symbols.
"""

from skseq.baselines._forecasts import (
    CorrectedForecaster,
    DriftForecaster,
    PersistenceForecaster,
    SeasonalChangeForecaster,
    SeasonalForecaster,
)
from skseq.baselines._lookup import LookupClassifier

__all__ = [
    "CorrectedForecaster",
    "DriftForecaster",
    "LookupClassifier",
    "PersistenceForecaster",
    "SeasonalChangeForecaster",
    "SeasonalForecaster",
]
