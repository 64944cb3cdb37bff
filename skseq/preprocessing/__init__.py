"""Transformers between tables of sequences and what recurrent estimators read.

Symbols become one-hot steps (`OneHotSequence`), rows of a table become the last steps
before them (`LagFramer`), whole sequences become supervised pairs of windows
(`SupervisedWindower`); windows become differences (`SeasonalDifference`) or the
features of one step (`StepsAsFeatures`); lags in columns become steps
(`StepsFromLags`). Scikit-learn's transformers see the steps of sequences as the rows of
one table (`PerStep`); `ForwardFiller` fills what is missing.
"""

from skseq.preprocessing._fill import ForwardFiller
from skseq.preprocessing._lags import LagFramer
from skseq.preprocessing._one_hot import OneHotSequence
from skseq.preprocessing._per_step import PerStep
from skseq.preprocessing._sequences import pad_sequences
from skseq.preprocessing._steps_from_lags import StepsFromLags
from skseq.preprocessing._windower import SupervisedWindower
from skseq.preprocessing._windows import SeasonalDifference, StepsAsFeatures

__all__ = [
    "ForwardFiller",
    "LagFramer",
    "OneHotSequence",
    "PerStep",
    "SeasonalDifference",
    "StepsAsFeatures",
    "StepsFromLags",
    "SupervisedWindower",
    "pad_sequences",
]
