"""Generators and readers of sequence problems.

``make_*`` functions draw data from a `random_state`; ``load_*`` functions read data,
`sequences_from_frame` takes them from a table that is read already.
Each generator defines its problem in one sentence and shows it in an aligned example.
"""

from skseq.datasets.long_tables import (
    load_sequences_csv,
    load_sequences_parquet,
    sequences_from_frame,
)
from skseq.datasets.memorization import make_ambiguous_pairs, make_value_memorization
from skseq.datasets.paper import (
    REBER_SYMBOLS,
    make_adding,
    make_embedded_reber,
    make_long_lag,
    make_temporal_order,
)
from skseq.datasets.readers import load_milk_production, load_series_csv
from skseq.datasets.tutorials import (
    cumulative_sum_labels,
    make_cumulative_sum,
    make_echo,
    make_random_sequences,
    make_sequence_values,
)

__all__ = [
    "REBER_SYMBOLS",
    "cumulative_sum_labels",
    "load_milk_production",
    "load_sequences_csv",
    "load_sequences_parquet",
    "load_series_csv",
    "make_adding",
    "make_ambiguous_pairs",
    "make_cumulative_sum",
    "make_echo",
    "make_embedded_reber",
    "make_long_lag",
    "make_random_sequences",
    "make_sequence_values",
    "make_temporal_order",
    "make_value_memorization",
    "sequences_from_frame",
]
