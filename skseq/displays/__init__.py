"""Pictures of sequences, results and networks, in scikit-learn's manner.

A display is made by ``from_estimator`` or ``from_predictions``, which draw at once, or
from the data that it keeps, and ``plot`` draws it again, into axes that it is given or
into a new figure; ``ax_`` and ``figure_`` are where it stands. Colours are the palette
of Okabe and Ito and the map cividis, which people with any kind of colour vision can
tell apart; lines differ in strokes and marks as well, so that they can be told in grey.
matplotlib is imported when something is drawn, TensorFlow never.
"""

from skseq.displays._accuracy import AccuracyDisplay
from skseq.displays._base import PALETTE
from skseq.displays._forecast import Forecast, ForecastDisplay
from skseq.displays._grid import GridDisplay
from skseq.displays._influence import InfluenceDisplay
from skseq.displays._lag import LagDisplay
from skseq.displays._losses import LossCurveDisplay
from skseq.displays._memory import MemoryDisplay
from skseq.displays._predictions import PredictionDisplay
from skseq.displays._sequences import SequenceDisplay
from skseq.displays._success import SuccessDisplay

__all__ = [
    "PALETTE",
    "AccuracyDisplay",
    "Forecast",
    "ForecastDisplay",
    "GridDisplay",
    "InfluenceDisplay",
    "LagDisplay",
    "LossCurveDisplay",
    "MemoryDisplay",
    "PredictionDisplay",
    "SequenceDisplay",
    "SuccessDisplay",
]
