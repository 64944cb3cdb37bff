"""Malformed parameters and data, handed to estimators: what each call is told.

``C``, ``R``, ``E``, ``D``, ``G`` and ``H`` make a StatefulLSTMClassifier,
StatefulLSTMRegressor, Seq2SeqEcho, EncoderDecoderEcho, RecurrentClassifier and
RecurrentRegressor; the fitted ones and the data are in conftest.py.
"""

import pickle

import pytest

import skseq

from .conftest import Made, changed, data, fitted

OR_SCHEDULE = (
    " or a schedule of keras.optimizers.schedules or a dict with its 'class_name' and "
    "'config'"
)

CATALOGUE = [
    # Parameters: counts.
    (
        "C(units=0).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got 0 instead.",
    ),
    (
        "C(units=-3).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got -3 instead.",
    ),
    (
        "C(units=2.5).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got 2.5 instead.",
    ),
    (
        'C(units="20").fit(X, y)',
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got '20' instead.",
    ),
    (
        "C(units=None).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got None instead.",
    ),
    (
        "C(units=True).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got True instead.",
    ),
    (
        "C(units=10**9).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got 1000000000 instead.",
    ),
    (
        "C(epochs=0).fit(X, y)",
        ValueError,
        "The 'epochs' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, inf). Got 0 instead.",
    ),
    (
        "C(epochs=2.0).fit(X, y)",
        ValueError,
        "The 'epochs' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, inf). Got 2.0 instead.",
    ),
    (
        "C(batch_size=0).fit(X, y)",
        ValueError,
        "The 'batch_size' parameter of StatefulLSTMClassifier must be an int in "
        "the range [1, inf) or None. Got 0 instead.",
    ),
    (
        'C(batch_size="all").fit(X, y)',
        ValueError,
        "The 'batch_size' parameter of StatefulLSTMClassifier must be an int in "
        "the range [1, inf) or None. Got 'all' instead.",
    ),
    (
        "C(truncated_bptt_steps=0).fit(X, y)",
        ValueError,
        "The 'truncated_bptt_steps' parameter of StatefulLSTMClassifier must be an "
        "int in the range [1, inf) or None. Got 0 instead.",
    ),
    (
        "C(truncated_bptt_steps=1.5).fit(X, y)",
        ValueError,
        "The 'truncated_bptt_steps' parameter of StatefulLSTMClassifier must be an "
        "int in the range [1, inf) or None. Got 1.5 instead.",
    ),
    (
        "C(max_lag=1).fit(X, y)",
        ValueError,
        "The 'max_lag' parameter of StatefulLSTMClassifier must be an int in the "
        "range [2, inf) or None. Got 1 instead.",
    ),
    (
        "C(n_iter_no_change=0).fit(X, y)",
        ValueError,
        "The 'n_iter_no_change' parameter of StatefulLSTMClassifier must be an int "
        "in the range [1, inf). Got 0 instead.",
    ),
    (
        "C(n_outputs=0).fit(X, y)",
        ValueError,
        "The 'n_outputs' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, inf) or None. Got 0 instead.",
    ),
    (
        "R(units=False).fit(X, z)",
        ValueError,
        "The 'units' parameter of StatefulLSTMRegressor must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got False instead.",
    ),
    (
        "E(units=[20, 0]).fit(X)",
        ValueError,
        "The 'units' parameter of Seq2SeqEcho must be an int in the range [1, "
        "8192] or a list or tuple with an int in the range [1, 8192] for each layer. "
        "Got [20, 0] instead.",
    ),
    (
        "D(units={}).fit(X, Y)",
        ValueError,
        "The 'units' parameter of EncoderDecoderEcho must be an int in the range "
        "[1, 8192] or a list or tuple with an int in the range [1, 8192] for each "
        "layer. Got {} instead.",
    ),
    # Parameters: networks.
    (
        "C(units=[]).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got [] instead.",
    ),
    (
        "C(units=()).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got () instead.",
    ),
    (
        "C(units=(4, 2.5)).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got (4, 2.5) instead.",
    ),
    (
        "C(units=[True, 4]).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got [True, 4] instead.",
    ),
    (
        "C(units=[[4], 4]).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got [[4], 4] instead.",
    ),
    (
        "C(units=[4, None]).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got [4, None] instead.",
    ),
    (
        "C(units=(4, 10**9)).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got (4, 1000000000) instead.",
    ),
    (
        "C(units=np.array([4, 4])).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got array([4, 4]) instead.",
    ),
    (
        "C(units={4, 5}).fit(X, y)",
        ValueError,
        "The 'units' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, 8192] or a list or tuple with an int in the range [1, 8192] for "
        "each layer. Got {4, 5} instead.",
    ),
    (
        "C(bidirectional=1).fit(X, y)",
        ValueError,
        "The 'bidirectional' parameter of StatefulLSTMClassifier must be an instance "
        "of 'bool' or an instance of 'numpy.bool'. Got 1 instead.",
    ),
    (
        "C(bidirectional=None).fit(X, y)",
        ValueError,
        "The 'bidirectional' parameter of StatefulLSTMClassifier must be an instance "
        "of 'bool' or an instance of 'numpy.bool'. Got None instead.",
    ),
    (
        "R(bidirectional='yes').fit(X, z)",
        ValueError,
        "The 'bidirectional' parameter of StatefulLSTMRegressor must be an instance "
        "of 'bool' or an instance of 'numpy.bool'. Got 'yes' instead.",
    ),
    (
        "D(attention=0).fit(X, Y)",
        ValueError,
        "The 'attention' parameter of EncoderDecoderEcho must be an instance of "
        "'bool' or an instance of 'numpy.bool'. Got 0 instead.",
    ),
    (
        "D(attention='luong').fit(X, Y)",
        ValueError,
        "The 'attention' parameter of EncoderDecoderEcho must be an instance of "
        "'bool' or an instance of 'numpy.bool'. Got 'luong' instead.",
    ),
    (
        "C(dropout=1.0).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got 1.0 instead.",
    ),
    (
        "C(dropout=1).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got 1 instead.",
    ),
    (
        "C(dropout=-0.1).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got -0.1 instead.",
    ),
    (
        "C(dropout=np.nan).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got nan instead.",
    ),
    (
        "C(dropout=True).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got True instead.",
    ),
    (
        "C(dropout=None).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got None instead.",
    ),
    (
        "C(dropout='0.5').fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got '0.5' instead.",
    ),
    (
        "C(dropout=[0.1, 0.2]).fit(X, y)",
        ValueError,
        "The 'dropout' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, 1.0). Got [0.1, 0.2] instead.",
    ),
    (
        "C(recurrent_dropout=1.0).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got 1.0 instead.",
    ),
    (
        "C(recurrent_dropout=1).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got 1 instead.",
    ),
    (
        "C(recurrent_dropout=-0.1).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got -0.1 instead.",
    ),
    (
        "C(recurrent_dropout=np.nan).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got nan instead.",
    ),
    (
        "C(recurrent_dropout=True).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got True instead.",
    ),
    (
        "C(recurrent_dropout=None).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got None instead.",
    ),
    (
        "C(recurrent_dropout='0.5').fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got '0.5' instead.",
    ),
    (
        "C(recurrent_dropout=[0.1, 0.2]).fit(X, y)",
        ValueError,
        "The 'recurrent_dropout' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got [0.1, 0.2] instead.",
    ),
    (
        "C(pooling='sum').fit(X, y)",
        ValueError,
        "The 'pooling' parameter of StatefulLSTMClassifier must be a str among "
        "{'last', 'max', 'mean'}. Got 'sum' instead.",
    ),
    (
        "C(pooling=None).fit(X, y)",
        ValueError,
        "The 'pooling' parameter of StatefulLSTMClassifier must be a str among "
        "{'last', 'max', 'mean'}. Got None instead.",
    ),
    (
        "C(pooling='Mean').fit(X, y)",
        ValueError,
        "The 'pooling' parameter of StatefulLSTMClassifier must be a str among "
        "{'last', 'max', 'mean'}. Got 'Mean' instead.",
    ),
    (
        "G(cell='LSTM').fit(X, y)",
        ValueError,
        "The 'cell' parameter of RecurrentClassifier must be a str among {'gru', "
        "'lstm', 'rnn'}. Got 'LSTM' instead.",
    ),
    (
        "G(cell=None).fit(X, y)",
        ValueError,
        "The 'cell' parameter of RecurrentClassifier must be a str among {'gru', "
        "'lstm', 'rnn'}. Got None instead.",
    ),
    (
        "G(cell=['lstm', 'gru']).fit(X, y)",
        ValueError,
        "The 'cell' parameter of RecurrentClassifier must be a str among {'gru', "
        "'lstm', 'rnn'}. Got ['lstm', 'gru'] instead.",
    ),
    (
        "G(cell='transformer').fit(X, y)",
        ValueError,
        "The 'cell' parameter of RecurrentClassifier must be a str among {'gru', "
        "'lstm', 'rnn'}. Got 'transformer' instead.",
    ),
    (
        "H(cell='LSTM').fit(X, z)",
        ValueError,
        "The 'cell' parameter of RecurrentRegressor must be a str among {'gru', "
        "'lstm', 'rnn'}. Got 'LSTM' instead.",
    ),
    (
        "H(cell=None).fit(X, z)",
        ValueError,
        "The 'cell' parameter of RecurrentRegressor must be a str among {'gru', "
        "'lstm', 'rnn'}. Got None instead.",
    ),
    (
        "H(cell=['lstm', 'gru']).fit(X, z)",
        ValueError,
        "The 'cell' parameter of RecurrentRegressor must be a str among {'gru', "
        "'lstm', 'rnn'}. Got ['lstm', 'gru'] instead.",
    ),
    (
        "H(cell='transformer').fit(X, z)",
        ValueError,
        "The 'cell' parameter of RecurrentRegressor must be a str among {'gru', "
        "'lstm', 'rnn'}. Got 'transformer' instead.",
    ),
    (
        "C(cell='gru')",
        TypeError,
        "StatefulLSTMClassifier.__init__() got an unexpected keyword argument 'cell'",
    ),
    (
        "E(attention=True)",
        TypeError,
        "StatefulLSTMClassifier.__init__() got an unexpected keyword argument "
        "'attention'",
    ),
    (
        "D(cell='gru')",
        TypeError,
        "EncoderDecoderEcho.__init__() got an unexpected keyword argument 'cell'",
    ),
    # Parameters: networks that contradict each other, or the data.
    (
        "C(bidirectional=True, truncated_bptt_steps=3).fit(X, y)",
        ValueError,
        "truncated_bptt_steps=3 is less than the 4 steps of X: StatefulLSTMClassifier "
        "reads back from its end (bidirectional=True) after the whole row has been "
        "read; use truncated_bptt_steps=None.",
    ),
    (
        "R(pooling='mean', truncated_bptt_steps=3).fit(X, z)",
        ValueError,
        "truncated_bptt_steps=3 is less than the 4 steps of X: StatefulLSTMRegressor "
        "pools its steps (pooling='mean') after the whole row has been read; use "
        "truncated_bptt_steps=None.",
    ),
    (
        "G(cell='gru', pooling='max', truncated_bptt_steps=3).fit(X, y)",
        ValueError,
        "truncated_bptt_steps=3 is less than the 4 steps of X: RecurrentClassifier "
        "pools its steps (pooling='max') after the whole row has been read; use "
        "truncated_bptt_steps=None.",
    ),
    (
        "G(bidirectional=True, pooling='max', truncated_bptt_steps=3).fit(X, y)",
        ValueError,
        "truncated_bptt_steps=3 is less than the 4 steps of X: RecurrentClassifier "
        "reads back from its end (bidirectional=True) after the whole row has been "
        "read; use truncated_bptt_steps=None.",
    ),
    (
        "D(attention=True, truncated_bptt_steps=1).fit(X[:, :, None], Y)",
        ValueError,
        "truncated_bptt_steps=1 is less than the 4 steps of X: EncoderDecoderEcho "
        "decodes after the whole row has been read; use truncated_bptt_steps=None.",
    ),
    (
        "D(pooling='mean', truncated_bptt_steps=1).fit(X[:, :, None], Y)",
        ValueError,
        "truncated_bptt_steps=1 is less than the 4 steps of X: EncoderDecoderEcho "
        "decodes after the whole row has been read; use truncated_bptt_steps=None.",
    ),
    (
        "C(bidirectional=True).fit(X, y, groups=groups)",
        ValueError,
        "bidirectional=True reads each row from its end, too, where nothing is known "
        "of the rows that continue it; leave groups=None, or set bidirectional=False.",
    ),
    (
        "D(bidirectional=True).fit(X[:, :, None], Y, groups=groups)",
        ValueError,
        "bidirectional=True reads each row from its end, too, where nothing is known "
        "of the rows that continue it; leave groups=None, or set bidirectional=False.",
    ),
    (
        "both.predict(X, groups=groups)",
        ValueError,
        "bidirectional=True reads each row from its end, too, where nothing is known "
        "of the rows that continue it; leave groups=None, or set bidirectional=False.",
    ),
    (
        "both.predict_proba(X, groups=groups)",
        ValueError,
        "bidirectional=True reads each row from its end, too, where nothing is known "
        "of the rows that continue it; leave groups=None, or set bidirectional=False.",
    ),
    (
        "both.score(X, y, groups=groups)",
        ValueError,
        "bidirectional=True reads each row from its end, too, where nothing is known "
        "of the rows that continue it; leave groups=None, or set bidirectional=False.",
    ),
    (
        "C(pooling='max').fit(X[:, :, None], Y)",
        ValueError,
        "pooling='max' is for targets after the last step, and y has one target per "
        "step; set pooling='last', or n_outputs where the columns of y come after the "
        "last step.",
    ),
    (
        "R(pooling='mean').fit(X, X)",
        ValueError,
        "pooling='mean' is for targets after the last step, and y has one target per "
        "step; set pooling='last', or n_outputs where the columns of y come after the "
        "last step.",
    ),
    (
        "E(pooling='mean').fit(X[:, :, None], Y)",
        ValueError,
        "pooling='mean' is for targets after the last step, and y has one target per "
        "step; set pooling='last', or n_outputs where the columns of y come after the "
        "last step.",
    ),
    (
        "D(attention=True, bidirectional=True).fit(X[:, :, None], Y)",
        ValueError,
        "attention=True compares what is decoded with what is encoded, which is twice "
        "as wide with bidirectional=True; set one of them to False.",
    ),
    (
        "G(cell='rnn', forget_bias=1.0).fit(X, y)",
        ValueError,
        "forget_bias=1.0 sets the bias of a gate, and cell='rnn' has none; leave "
        "forget_bias='unit'.",
    ),
    (
        "G(cell='rnn', forget_bias=0).fit(X, y)",
        ValueError,
        "forget_bias=0 sets the bias of a gate, and cell='rnn' has none; leave "
        "forget_bias='unit'.",
    ),
    (
        "G(cell='rnn', forget_bias='chrono').fit(X, y)",
        ValueError,
        "forget_bias='chrono' sets the bias of a gate, and cell='rnn' has none; leave "
        "forget_bias='unit'.",
    ),
    # Networks that look at whole rows, step by step.
    (
        "both.stream()",
        ValueError,
        "StatefulLSTMClassifier was fitted with bidirectional=True and looks at the "
        "whole row before it says anything, so it can say nothing step by step; fit "
        "it with bidirectional=False, or predict whole rows.",
    ),
    (
        "both.stream(3)",
        ValueError,
        "StatefulLSTMClassifier was fitted with bidirectional=True and looks at the "
        "whole row before it says anything, so it can say nothing step by step; fit "
        "it with bidirectional=False, or predict whole rows.",
    ),
    (
        "both.generate([1.0], 3)",
        ValueError,
        "StatefulLSTMClassifier was fitted with bidirectional=True and looks at the "
        "whole row before it says anything, so it can say nothing step by step; fit "
        "it with bidirectional=False, or predict whole rows.",
    ),
    (
        "both.generate([1.0], 3, window=2)",
        ValueError,
        "StatefulLSTMClassifier was fitted with bidirectional=True and looks at the "
        "whole row before it says anything, so it can say nothing step by step; fit "
        "it with bidirectional=False, or predict whole rows.",
    ),
    (
        "attends.stream()",
        ValueError,
        "EncoderDecoderEcho was fitted with attention=True and looks at the whole row "
        "before it says anything, so it can say nothing step by step; fit it with "
        "attention=False, or predict whole rows.",
    ),
    (
        "attends.stream(3)",
        ValueError,
        "EncoderDecoderEcho was fitted with attention=True and looks at the whole row "
        "before it says anything, so it can say nothing step by step; fit it with "
        "attention=False, or predict whole rows.",
    ),
    (
        "attends.generate([1.0], 3)",
        ValueError,
        "EncoderDecoderEcho was fitted with attention=True and looks at the whole row "
        "before it says anything, so it can say nothing step by step; fit it with "
        "attention=False, or predict whole rows.",
    ),
    (
        "attends.generate([1.0], 3, window=2)",
        ValueError,
        "EncoderDecoderEcho was fitted with attention=True and looks at the whole row "
        "before it says anything, so it can say nothing step by step; fit it with "
        "attention=False, or predict whole rows.",
    ),
    # A network set after a fit.
    (
        "changed(clf, units=[3, 3]).partial_fit(X, y)",
        ValueError,
        "units=(3, 3), but this estimator was first fitted with units=3, and goes on "
        "from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(clf, bidirectional=True).fit(X, y)",
        ValueError,
        "bidirectional=True, but this estimator was first fitted with "
        "bidirectional=False, and goes on from its weights; set it back, or fit anew "
        "with warm_start=False.",
    ),
    (
        "changed(clf, bidirectional=True).partial_fit(X, y)",
        ValueError,
        "bidirectional=True, but this estimator was first fitted with "
        "bidirectional=False, and goes on from its weights; set it back, or fit anew "
        "with warm_start=False.",
    ),
    (
        "changed(clf, pooling='mean').fit(X, y)",
        ValueError,
        "pooling='mean', but this estimator was first fitted with pooling='last', and "
        "goes on from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(clf, pooling='mean').partial_fit(X, y)",
        ValueError,
        "pooling='mean', but this estimator was first fitted with pooling='last', and "
        "goes on from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(gru, cell='rnn').fit(X, y)",
        ValueError,
        "cell='rnn', but this estimator was first fitted with cell='gru', and goes on "
        "from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(gru, cell='rnn').partial_fit(X, y)",
        ValueError,
        "cell='rnn', but this estimator was first fitted with cell='gru', and goes on "
        "from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(deep, units=(3, 4)).fit(X, y)",
        ValueError,
        "units=(3, 4), but this estimator was first fitted with units=(4, 3), and "
        "goes on from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(deep, units=(3, 4)).partial_fit(X, y)",
        ValueError,
        "units=(3, 4), but this estimator was first fitted with units=(4, 3), and "
        "goes on from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(deep, units=4).fit(X, y)",
        ValueError,
        "units=4, but this estimator was first fitted with units=(4, 3), and goes on "
        "from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(deep, units=4).partial_fit(X, y)",
        ValueError,
        "units=4, but this estimator was first fitted with units=(4, 3), and goes on "
        "from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(attends, attention=False).fit(X[:, :, None], Y)",
        ValueError,
        "attention=False, but this estimator was first fitted with attention=True, "
        "and goes on from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "changed(attends, attention=False).partial_fit(X[:, :, None], Y)",
        ValueError,
        "attention=False, but this estimator was first fitted with attention=True, "
        "and goes on from its weights; set it back, or fit anew with warm_start=False.",
    ),
    # Parameters: choices.
    (
        'C(optimizer="adamw").fit(X, y)',
        ValueError,
        "The 'optimizer' parameter of StatefulLSTMClassifier must be a str among "
        "{'adam', 'rmsprop', 'sgd'}. Got 'adamw' instead.",
    ),
    (
        "C(optimizer=None).fit(X, y)",
        ValueError,
        "The 'optimizer' parameter of StatefulLSTMClassifier must be a str among "
        "{'adam', 'rmsprop', 'sgd'}. Got None instead.",
    ),
    (
        'C(loss="mean_squared_error").fit(X, y)',
        ValueError,
        "The 'loss' parameter of StatefulLSTMClassifier must be a str among "
        "{'binary_crossentropy', 'categorical_crossentropy'}. Got "
        "'mean_squared_error' instead.",
    ),
    (
        'R(loss="categorical_crossentropy").fit(X, z)',
        ValueError,
        "The 'loss' parameter of StatefulLSTMRegressor must be a str among "
        "{'huber', 'mean_absolute_error', 'mean_squared_error'}. Got "
        "'categorical_crossentropy' instead.",
    ),
    (
        'C(dtype="float16").fit(X, y)',
        ValueError,
        "The 'dtype' parameter of StatefulLSTMClassifier must be a str among "
        "{'float32', 'float64'}. Got 'float16' instead.",
    ),
    (
        "C(dtype=np.float32).fit(X, y)",
        ValueError,
        "The 'dtype' parameter of StatefulLSTMClassifier must be a str among "
        "{'float32', 'float64'}. Got <class 'numpy.float32'> instead.",
    ),
    (
        'C(class_weight="balance").fit(X, y)',
        ValueError,
        "The 'class_weight' parameter of StatefulLSTMClassifier must be a str "
        "among {'balanced'}, an instance of 'dict' or None. Got 'balance' instead.",
    ),
    (
        "C(class_weight=[1, 2]).fit(X, y)",
        ValueError,
        "The 'class_weight' parameter of StatefulLSTMClassifier must be a str "
        "among {'balanced'}, an instance of 'dict' or None. Got [1, 2] instead.",
    ),
    (
        'C(forget_bias="chron").fit(X, y)',
        ValueError,
        "The 'forget_bias' parameter of StatefulLSTMClassifier must be a str among "
        "{'chrono', 'unit'} or a float in the range (-inf, inf). Got 'chron' "
        "instead.",
    ),
    # Parameters: numbers.
    (
        "C(learning_rate=0).fit(X, y)",
        ValueError,
        "The 'learning_rate' parameter of StatefulLSTMClassifier must be a float "
        f"in the range (0.0, inf){OR_SCHEDULE}. Got 0 instead.",
    ),
    (
        "C(learning_rate=-1e-3).fit(X, y)",
        ValueError,
        "The 'learning_rate' parameter of StatefulLSTMClassifier must be a float "
        f"in the range (0.0, inf){OR_SCHEDULE}. Got -0.001 instead.",
    ),
    (
        "C(learning_rate=np.nan).fit(X, y)",
        ValueError,
        "The 'learning_rate' parameter of StatefulLSTMClassifier must be a float "
        f"in the range (0.0, inf){OR_SCHEDULE}. Got nan instead.",
    ),
    (
        "C(learning_rate=np.inf).fit(X, y)",
        ValueError,
        "The 'learning_rate' parameter of StatefulLSTMClassifier must be a float "
        f"in the range (0.0, inf){OR_SCHEDULE}. Got inf instead.",
    ),
    (
        'C(learning_rate="fast").fit(X, y)',
        ValueError,
        "The 'learning_rate' parameter of StatefulLSTMClassifier must be a float "
        f"in the range (0.0, inf){OR_SCHEDULE}. Got 'fast' instead.",
    ),
    (
        "C(global_clipnorm=0).fit(X, y)",
        ValueError,
        "The 'global_clipnorm' parameter of StatefulLSTMClassifier must be a float "
        "in the range (0.0, inf) or None. Got 0 instead.",
    ),
    (
        "C(global_clipnorm=np.nan).fit(X, y)",
        ValueError,
        "The 'global_clipnorm' parameter of StatefulLSTMClassifier must be a float "
        "in the range (0.0, inf) or None. Got nan instead.",
    ),
    (
        "C(forget_bias=np.inf).fit(X, y)",
        ValueError,
        "The 'forget_bias' parameter of StatefulLSTMClassifier must be a str among "
        "{'chrono', 'unit'} or a float in the range (-inf, inf). Got inf instead.",
    ),
    (
        'C(mask_value="nan").fit(X, y)',
        ValueError,
        "The 'mask_value' parameter of StatefulLSTMClassifier must be a float in "
        "the range (-inf, inf), numpy.nan or None. Got 'nan' instead.",
    ),
    (
        "C(mask_value=np.inf).fit(X, y)",
        ValueError,
        "The 'mask_value' parameter of StatefulLSTMClassifier must be a float in "
        "the range (-inf, inf), numpy.nan or None. Got inf instead.",
    ),
    (
        "C(validation_fraction=0).fit(X, y)",
        ValueError,
        "The 'validation_fraction' parameter of StatefulLSTMClassifier must be a "
        "float in the range (0.0, 1.0). Got 0 instead.",
    ),
    (
        "C(validation_fraction=1.0).fit(X, y)",
        ValueError,
        "The 'validation_fraction' parameter of StatefulLSTMClassifier must be a "
        "float in the range (0.0, 1.0). Got 1.0 instead.",
    ),
    (
        "C(tol=-1).fit(X, y)",
        ValueError,
        "The 'tol' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, inf). Got -1 instead.",
    ),
    (
        "C(tol=np.nan).fit(X, y)",
        ValueError,
        "The 'tol' parameter of StatefulLSTMClassifier must be a float in the "
        "range [0.0, inf). Got nan instead.",
    ),
    # Parameters: the rest.
    (
        'C(shuffle="yes").fit(X, y)',
        ValueError,
        "The 'shuffle' parameter of StatefulLSTMClassifier must be an instance of "
        "'bool' or an instance of 'numpy.bool'. Got 'yes' instead.",
    ),
    (
        "C(shuffle=1).fit(X, y)",
        ValueError,
        "The 'shuffle' parameter of StatefulLSTMClassifier must be an instance of "
        "'bool' or an instance of 'numpy.bool'. Got 1 instead.",
    ),
    (
        "C(early_stopping=None).fit(X, y)",
        ValueError,
        "The 'early_stopping' parameter of StatefulLSTMClassifier must be an "
        "instance of 'bool' or an instance of 'numpy.bool'. Got None instead.",
    ),
    (
        'C(warm_start="no").fit(X, y)',
        ValueError,
        "The 'warm_start' parameter of StatefulLSTMClassifier must be an instance "
        "of 'bool' or an instance of 'numpy.bool'. Got 'no' instead.",
    ),
    (
        'C(random_state="seed").fit(X, y)',
        ValueError,
        "The 'random_state' parameter of StatefulLSTMClassifier must be an int in "
        "the range [0, 4294967295], an instance of "
        "'numpy.random.mtrand.RandomState' or None. Got 'seed' instead.",
    ),
    (
        "C(random_state=-1).fit(X, y)",
        ValueError,
        "The 'random_state' parameter of StatefulLSTMClassifier must be an int in "
        "the range [0, 4294967295], an instance of "
        "'numpy.random.mtrand.RandomState' or None. Got -1 instead.",
    ),
    (
        "C(random_state=2**40).fit(X, y)",
        ValueError,
        "The 'random_state' parameter of StatefulLSTMClassifier must be an int in "
        "the range [0, 4294967295], an instance of "
        "'numpy.random.mtrand.RandomState' or None. Got 1099511627776 instead.",
    ),
    (
        "C(verbose=-1).fit(X, y)",
        ValueError,
        "The 'verbose' parameter of StatefulLSTMClassifier must be an int in the "
        "range [0, inf), an instance of 'bool' or an instance of 'numpy.bool'. Got "
        "-1 instead.",
    ),
    (
        "C(callbacks=print).fit(X, y)",
        ValueError,
        "The 'callbacks' parameter of StatefulLSTMClassifier must be an instance "
        "of 'list', an instance of 'tuple' or None. Got <built-in function print> "
        "instead.",
    ),
    (
        'C(callbacks=["EarlyStopping", 3]).fit(X, y)',
        TypeError,
        "callbacks must be instances of keras.callbacks.Callback; got "
        "'EarlyStopping', 3.",
    ),
    (
        "C(unit=3)",
        TypeError,
        "StatefulLSTMClassifier.__init__() got an unexpected keyword argument 'unit'",
    ),
    (
        "C(20)",
        TypeError,
        "StatefulLSTMClassifier.__init__() takes 1 positional argument but 2 were "
        "given",
    ),
    (
        "C().set_params(unit=3)",
        ValueError,
        "Invalid parameter 'unit' for estimator StatefulLSTMClassifier(). Valid "
        "parameters are: ['batch_size', 'bidirectional', 'callbacks', 'checkpoint', "
        "'checkpoint_every', 'class_weight', 'dropout', 'dtype', 'early_stopping', "
        "'epochs', 'forget_bias', "
        "'global_clipnorm', 'learning_rate', 'loss', 'mask_value', 'max_lag', "
        "'n_iter_no_change', 'n_outputs', 'optimizer', 'pooling', 'random_state', "
        "'recurrent_dropout', 'rows_abreast', 'shuffle', 'tol', "
        "'truncated_bptt_steps', 'units', 'validation_fraction', 'verbose', "
        "'warm_start'].",
    ),
    # Learning rates that change.
    (
        'C(learning_rate={"class_name": "CosinDecay", "config": {}}).fit(X, y)',
        ValueError,
        "learning_rate has class_name='CosinDecay', which is none of Keras' schedules: "
        "['CosineDecay', 'CosineDecayRestarts', 'ExponentialDecay', "
        "'InverseTimeDecay', 'PiecewiseConstantDecay', 'PolynomialDecay'].",
    ),
    (
        'C(learning_rate={"class_name": "CosineDecay"}).fit(X, y)',
        ValueError,
        "learning_rate is a CosineDecay without ['initial_learning_rate'] in its "
        "config; got config=None.",
    ),
    (
        'C(learning_rate={"class_name": "ExponentialDecay", "config": '
        '{"initial_learning_rate": 0.1, "decay_rate": 0.5}}).fit(X, y)',
        ValueError,
        "learning_rate is a ExponentialDecay without ['decay_steps'] in its config; "
        "got config={'initial_learning_rate': 0.1, 'decay_rate': 0.5}.",
    ),
    (
        'C(learning_rate={"class_name": "CosineDecay", "config": '
        '{"initial_learning_rate": 0.1}}).partial_fit(X, y, classes=[0, 1])',
        ValueError,
        "partial_fit does not know how many updates will follow, and learning_rate="
        "{'class_name': 'CosineDecay', 'config': {'initial_learning_rate': 0.1}} "
        "leaves its decay_steps to the number of them; set decay_steps, or fit.",
    ),
    (
        'C(learning_rate={"class_name": "CosineDecay", "config": '
        '{"initial_learning_rate": 0.1, "decay_steps": 9, "alfa": 0}}).fit(X, y)',
        ValueError,
        "learning_rate is a CosineDecay with ['alfa'] in its config; it takes "
        "['alpha', 'decay_steps', 'initial_learning_rate', 'name', 'warmup_steps', "
        "'warmup_target'].",
    ),
    (
        'C(learning_rate={"class_name": "CosineDecay", "config": '
        '{"initial_learning_rate": 0.1, "decay_steps": 0}}).fit(X, y)',
        ValueError,
        "Argument `decay_steps` must be > 0. Received: decay_steps=0",
    ),
    # Validation data.
    (
        "C().fit(X, y, X_val=X)",
        ValueError,
        "X_val was passed, but y_val was not.",
    ),
    (
        "C().fit(X, y, y_val=y)",
        ValueError,
        "X_val was not passed, but others of its kind were.",
    ),
    (
        "C().fit(X, y, groups_val=groups)",
        ValueError,
        "X_val was not passed, but others of its kind were.",
    ),
    (
        "C().fit(X, y, X_val=X[:, :3], y_val=y)",
        ValueError,
        "Of X_val, y_val and their kin: X has 3 features, but StatefulLSTMClassifier "
        "is expecting 4 features as input.",
    ),
    (
        'C().fit(X, y, X_val=X, y_val=["maybe"] * 8)',
        ValueError,
        "Of X_val, y_val and their kin: y contains labels not seen in the first fit: "
        "['maybe']; classes are ['no', 'yes'].",
    ),
    (
        "R().fit(X, z, X_val=X, y_val=z[:5])",
        ValueError,
        "Of X_val, y_val and their kin: Found input variables with inconsistent "
        "numbers of samples: [8, 5]; X and y must have a row for each sequence.",
    ),
    (
        "R().fit(X, z, X_val=X, y_val=z, sample_weight_val=z * 0)",
        ValueError,
        "Of X_val, y_val and their kin: Sample weights must contain at least one "
        "non-zero number.",
    ),
    # Checkpoints.
    (
        "C(checkpoint=3).fit(X, y)",
        ValueError,
        "The 'checkpoint' parameter of StatefulLSTMClassifier must be an instance of "
        "'str', an instance of 'os.PathLike' or None. Got 3 instead.",
    ),
    (
        'C(checkpoint="a.skops", checkpoint_every=0).fit(X, y)',
        ValueError,
        "The 'checkpoint_every' parameter of StatefulLSTMClassifier must be an int in "
        "the range [1, inf) or None. Got 0 instead.",
    ),
    (
        'C(checkpoint="a.skops").fit(X, y)',
        ValueError,
        "checkpoint needs a random_state that is the same when the fit is started "
        "again, and got random_state=None; set it to an int.",
    ),
    (
        'C(checkpoint="a.skops", random_state=0, callbacks=[3]).fit(X, y)',
        ValueError,
        "checkpoint does not hold what callbacks remember, so that training would go "
        "on otherwise than it began; set callbacks=None (early_stopping, and a "
        "schedule as learning_rate, go on as they should), or checkpoint=None.",
    ),
    (
        'changed(clf, checkpoint="a.skops").partial_fit(X, y)',
        ValueError,
        "partial_fit trains for a single epoch and keeps no checkpoint; set "
        "checkpoint=None, and skseq.save the estimator between calls.",
    ),
    (
        'C(checkpoint="no/a.skops", random_state=0).fit(X, y)',
        FileNotFoundError,
        "[Errno 2] No such file or directory: 'no/…'",
    ),
    # Options routed to the optimizer.
    (
        "C().set_params(optimizer__momentum=0.9)",
        ValueError,
        "Invalid parameter 'optimizer__momentum' for StatefulLSTMClassifier with "
        "optimizer='adam'. Valid routed parameters are: ['optimizer__beta_1', "
        "'optimizer__beta_2', 'optimizer__clipnorm', 'optimizer__clipvalue', "
        "'optimizer__epsilon', 'optimizer__global_clipnorm', "
        "'optimizer__learning_rate', 'optimizer__weight_decay'].",
    ),
    (
        "C().set_params(optimizer__beta=0.9)",
        ValueError,
        "Invalid parameter 'optimizer__beta' for StatefulLSTMClassifier with "
        "optimizer='adam'. Valid routed parameters are: ['optimizer__beta_1', "
        "'optimizer__beta_2', 'optimizer__clipnorm', 'optimizer__clipvalue', "
        "'optimizer__epsilon', 'optimizer__global_clipnorm', "
        "'optimizer__learning_rate', 'optimizer__weight_decay'].",
    ),
    (
        "C().set_params(model__units=3)",
        ValueError,
        "Invalid parameter 'model__units' for StatefulLSTMClassifier with "
        "optimizer='adam'. Valid routed parameters are: ['optimizer__beta_1', "
        "'optimizer__beta_2', 'optimizer__clipnorm', 'optimizer__clipvalue', "
        "'optimizer__epsilon', 'optimizer__global_clipnorm', "
        "'optimizer__learning_rate', 'optimizer__weight_decay'].",
    ),
    (
        'C().set_params(optimizer__beta_1="high").fit(X, y)',
        ValueError,
        "The 'optimizer__beta_1' parameter of StatefulLSTMClassifier must be a "
        "float in the range [0.0, 1.0). Got 'high' instead.",
    ),
    (
        "C().set_params(optimizer__beta_1=1.0).fit(X, y)",
        ValueError,
        "The 'optimizer__beta_1' parameter of StatefulLSTMClassifier must be a "
        "float in the range [0.0, 1.0). Got 1.0 instead.",
    ),
    (
        "C().set_params(optimizer__beta_2=np.nan).fit(X, y)",
        ValueError,
        "The 'optimizer__beta_2' parameter of StatefulLSTMClassifier must be a "
        "float in the range [0.0, 1.0). Got nan instead.",
    ),
    (
        "C().set_params(optimizer__epsilon=-1.0).fit(X, y)",
        ValueError,
        "The 'optimizer__epsilon' parameter of StatefulLSTMClassifier must be a "
        "float in the range [0.0, inf). Got -1.0 instead.",
    ),
    (
        'C().set_params(optimizer__weight_decay="x").fit(X, y)',
        ValueError,
        "The 'optimizer__weight_decay' parameter of StatefulLSTMClassifier must be "
        "a float in the range [0.0, inf). Got 'x' instead.",
    ),
    (
        "C().set_params(optimizer__learning_rate=None).fit(X, y)",
        ValueError,
        "The 'optimizer__learning_rate' parameter of StatefulLSTMClassifier must "
        f"be a float in the range (0.0, inf){OR_SCHEDULE}. Got None instead.",
    ),
    (
        'C(optimizer="sgd").set_params(optimizer__momentum=1.5).fit(X, y)',
        ValueError,
        "The 'optimizer__momentum' parameter of StatefulLSTMClassifier must be a "
        "float in the range [0.0, 1.0]. Got 1.5 instead.",
    ),
    (
        'C(optimizer="sgd").set_params(optimizer__nesterov="no").fit(X, y)',
        ValueError,
        "The 'optimizer__nesterov' parameter of StatefulLSTMClassifier must be an "
        "instance of 'bool' or an instance of 'numpy.bool'. Got 'no' instead.",
    ),
    (
        'C(optimizer="rmsprop").set_params(optimizer__rho=-0.1).fit(X, y)',
        ValueError,
        "The 'optimizer__rho' parameter of StatefulLSTMClassifier must be a float "
        "in the range [0.0, 1.0). Got -0.1 instead.",
    ),
    (
        "C().set_params(optimizer__clipnorm=0.0).fit(X, y)",
        ValueError,
        "The 'optimizer__clipnorm' parameter of StatefulLSTMClassifier must be a "
        "float in the range (0.0, inf) or None. Got 0.0 instead.",
    ),
    (
        "C(global_clipnorm=1.0).set_params(optimizer__clipvalue=1.0).fit(X, y)",
        ValueError,
        "Only one kind of gradient clipping can be used, got ['global_clipnorm', "
        "'clipvalue']; set the others to None.",
    ),
    # X: not an array of numbers.
    (
        "C().fit(None, y)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=nan.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "C().fit(3.0, y)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=3.0.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        'C().fit("abc", y)',
        ValueError,
        "X must hold numbers: could not convert string to float: 'abc'. Symbols "
        "become numbers with OneHotSequence.",
    ),
    (
        'C().fit({"a": 1}, y)',
        TypeError,
        "X must hold numbers: float() argument must be a string or a real number, "
        "not 'dict'. Symbols become numbers with OneHotSequence.",
    ),
    (
        'C().fit([["a", "b"], ["c", "d"]], ["a", "b"])',
        ValueError,
        "X must hold numbers: could not convert string to float: 'a'. Symbols "
        "become numbers with OneHotSequence.",
    ),
    (
        "C().fit(np.full((8, 4), {}), y)",
        TypeError,
        "X must hold numbers: float() argument must be a string or a real number, "
        "not 'dict'. Symbols become numbers with OneHotSequence.",
    ),
    (
        "C().fit(X + 1j > 1j, y, groups=[])",
        ValueError,
        "groups has 0 labels but X has 8 rows; one label a row is required.",
    ),
    (
        'C().fit([[1, 2], []], ["a", "b"])',
        ValueError,
        "X[1] has shape (0,); each sequence of a list must be (n_timesteps,) or "
        "(n_timesteps, n_features), with at least one step.",
    ),
    (
        'C().fit([[[1], [2]], [[3, 4]]], ["a", "b"])',
        ValueError,
        "X[1] has shape (1, 2), but X[0] has shape (2, 1); all sequences must have "
        "the same features.",
    ),
    (
        'C().fit([[1, [2]], [3]], ["a", "b"])',
        ValueError,
        "X[0] makes no array of shape (n_timesteps,) or (n_timesteps, n_features): "
        "its steps are of different lengths, or it is sparse and others are not.",
    ),
    (
        'C().fit([[1, 2], 3], ["a", "b"])',
        ValueError,
        "X is no array: some of its rows are sequences, others are not, or they are "
        "of different lengths.",
    ),
    (
        'C().fit([X[0], [1, np.nan]], ["a", "b"])',
        ValueError,
        "Input X contains NaN, first at row 1, step 1. If NaN fills up sequences, as "
        "skseq.preprocessing.pad_sequences does, set mask_value=nan; otherwise fill "
        "it, for example with SimpleImputer.",
    ),
    (
        "C().fit([X[0], X[1][:2]], [[1, 2, 3], [1, 2]])",
        ValueError,
        "y[0] has 3 steps, but X[0] has 4 steps; rows of different lengths need one "
        "for each.",
    ),
    (
        "C().fit([X[0], X[1][:2]], Y[:2])",
        ValueError,
        "y has 4 columns, and the longest of the rows of X, which differ in length, "
        "has 4 steps. If there is one target per step, give y as a list of arrays, as "
        "X is; if all come after the last step, set n_outputs=4.",
    ),
    (
        "C(mask_value=9).fit([[1, 2, 9], [3, 4, 9]], [[1, 2], [2, 1]])",
        ValueError,
        "y is a list of rows of 2, and so many of the 3 steps of each row of X are "
        "real. If there is one target per step, give y as an array, with anything at "
        "padding, or X as a list of arrays; if all come after the last step, set "
        "n_outputs=2.",
    ),
    (
        "D().fit([X[0], X[1][:2]], [[1, 2, 3, 4], [1, 2]])",
        ValueError,
        "y has rows of different lengths, which are targets of each step, but they "
        "were to be targets after the last step; leave n_outputs=None, with an "
        "estimator that answers each step.",
    ),
    (
        'C().fit([X[0], X[1][:2]], ["a", "b"], sample_weight=[[1, 1], [1, 1, 1]])',
        ValueError,
        "sample_weight[0] has 2 steps, but X[0] has 4 steps; rows of different lengths "
        "need one for each.",
    ),
    (
        'C().fit([X[0], X[1][:2]], ["a", "b"], sample_weight=[[1] * 4, [1] * 2])',
        ValueError,
        "sample_weight has shape (2, 4); one weight a row, shape (2,), or where there "
        "are several targets in a row one for each, shape (2, 1), is required.",
    ),
    (
        "R().fit([[1j]], [1.0])",
        TypeError,
        "X must hold numbers: float() argument must be a string or a real number, "
        "not 'complex'. Symbols become numbers with OneHotSequence.",
    ),
    # X: of a wrong shape.
    (
        "C().fit([], y)",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "C().fit([[]], y)",
        ValueError,
        "Found array with 0 feature(s) (shape=(1, 0)) while a minimum of 1 is "
        "required by StatefulLSTMClassifier.",
    ),
    (
        "C().fit(X[0], y)",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[0.      0.03125 0.0625  0.09375].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "C().fit(X[:0], y[:0])",
        ValueError,
        "Found array with 0 sample(s) (shape=(0, 4)) while a minimum of 1 is "
        "required by StatefulLSTMClassifier.",
    ),
    (
        "C().fit(X[:, :0], y)",
        ValueError,
        "Found array with 0 feature(s) (shape=(8, 0)) while a minimum of 1 is "
        "required by StatefulLSTMClassifier.",
    ),
    (
        "C().fit(X3[:, :0], y)",
        ValueError,
        "X has shape (8, 0, 2); at least one sequence, one time step and one "
        "feature are required.",
    ),
    (
        "C().fit(X3[:, :, :0], y)",
        ValueError,
        "X has shape (8, 4, 0); at least one sequence, one time step and one "
        "feature are required.",
    ),
    (
        "C().fit(X3[:0], y[:0])",
        ValueError,
        "Found array with 0 sample(s) (shape=(0, 4, 2)) while a minimum of 1 is "
        "required by StatefulLSTMClassifier.",
    ),
    (
        "C().fit(X3[None], y)",
        ValueError,
        "X has 4 dimensions, shape (1, 8, 4, 2); StatefulLSTMClassifier takes "
        "(n_sequences, n_timesteps) or (n_sequences, n_timesteps, n_features).",
    ),
    # X: not finite, or not in the precision asked for.
    (
        "C().fit(np.where(X > 0.9, np.nan, X), y)",
        ValueError,
        "Input X contains NaN, first at row 7, step 1. If NaN fills up sequences, "
        "as skseq.preprocessing.pad_sequences does, set mask_value=nan; otherwise fill "
        "it, for example with SimpleImputer.",
    ),
    (
        "C().fit(np.where(X3 > 0.9, np.nan, X3), y)",
        ValueError,
        "Input X contains NaN, first at row 7, step 1. If NaN fills up sequences, "
        "as skseq.preprocessing.pad_sequences does, set mask_value=nan; otherwise fill "
        "it, for example with SimpleImputer.",
    ),
    (
        "C().fit(np.where(X > 0.9, np.inf, X), y)",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        "C().fit(np.where(X3 > 0.9, -np.inf, X3), y)",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        "C().fit(np.full((8, 4), None), y)",
        ValueError,
        "Input X contains NaN, first at row 0, step 0. If NaN fills up sequences, "
        "as skseq.preprocessing.pad_sequences does, set mask_value=nan; otherwise fill "
        "it, for example with SimpleImputer.",
    ),
    (
        "C(mask_value=np.nan).fit(np.where(X > 0.9, np.inf, X), y)",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        "C(mask_value=np.nan).fit(np.full((8, 4, 2), [1, np.nan]), y)",
        ValueError,
        "X has steps in which some features are NaN and others are not; with "
        "mask_value=nan a step is padding only if all its features are NaN. Fill "
        "the others first, for example with SimpleImputer.",
    ),
    (
        "C(mask_value=0).fit(np.zeros((8, 4)), Y)",
        ValueError,
        "No target has a weight: every one is missing, of weight zero, or at a step "
        "of padding (mask_value=0).",
    ),
    (
        "C().fit(X * 1e300, y)",
        ValueError,
        "X has values too large for dtype='float32' (largest 9.6875e+299); scale "
        "X, for example with StandardScaler, or use dtype='float64'.",
    ),
    # Rows that do not match.
    (
        "C().fit(X, y[:7])",
        ValueError,
        "Found input variables with inconsistent numbers of samples: [8, 7]; X and "
        "y must have a row for each sequence.",
    ),
    (
        "C().fit(X[:7], y)",
        ValueError,
        "Found input variables with inconsistent numbers of samples: [7, 8]; X and "
        "y must have a row for each sequence.",
    ),
    (
        "C().fit(X3[:7], y)",
        ValueError,
        "Found input variables with inconsistent numbers of samples: [7, 8]; X and "
        "y must have a row for each sequence.",
    ),
    (
        "R().fit(X, z[:7])",
        ValueError,
        "Found input variables with inconsistent numbers of samples: [8, 7]; X and "
        "y must have a row for each sequence.",
    ),
    (
        "E().fit(X, Y[:7])",
        ValueError,
        "Found input variables with inconsistent numbers of samples: [8, 7]; X and "
        "y must have a row for each sequence.",
    ),
    # Labels.
    (
        "C().fit(X, None)",
        ValueError,
        "StatefulLSTMClassifier requires y to be passed, but the target y is None.",
    ),
    (
        "C().fit(X, [])",
        ValueError,
        "y has shape (0,); labels are (n_sequences,), (n_sequences, n_timesteps) or "
        "(n_sequences, n_outputs).",
    ),
    ("C().fit(X, 3)", ValueError, "y must be an array of labels, got int."),
    ('C().fit(X, "no")', ValueError, "y must be an array of labels, got str."),
    ('C().fit(X, {"a": 1})', ValueError, "y must be an array of labels, got dict."),
    (
        "C().fit(X, z)",
        ValueError,
        "Unknown label type: continuous. Maybe you are trying to fit a classifier, "
        "which expects discrete classes on a regression target with continuous "
        "values.",
    ),
    (
        "C().fit(X, X)",
        ValueError,
        "Unknown label type: continuous. Maybe you are trying to fit a classifier, "
        "which expects discrete classes on a regression target with continuous "
        "values.",
    ),
    (
        "C().fit(X, X + 1j)",
        ValueError,
        "y has complex labels; use strings or integers.",
    ),
    (
        'C().fit(X, np.where(y == "no", np.nan, 1.0))',
        ValueError,
        "Input y contains NaN.",
    ),
    (
        'C().fit(X, np.where(y == "no", np.inf, 1.0))',
        ValueError,
        "Input y contains infinity or a value too large for dtype('float64').",
    ),
    (
        'C().fit(X, np.array([1, "a", None, 2.5, 1, 2, 3, 4], dtype=object))',
        ValueError,
        "y has labels of kinds that cannot be sorted together: ['NoneType', "
        "'float', 'int', 'str']; use labels of one kind.",
    ),
    (
        "C().fit(X, np.array([None] * 8))",
        ValueError,
        "y has labels of kind NoneType that cannot be sorted; use strings or "
        "integers, and leave none missing.",
    ),
    (
        "C().fit(X, np.array([1.0, np.nan] * 4, dtype=object))",
        ValueError,
        "y has labels of kind float that cannot be sorted; use strings or "
        "integers, and leave none missing.",
    ),
    (
        "C().fit(X, [{}] * 8)",
        ValueError,
        "y has labels of kind dict that cannot be sorted; use strings or integers, "
        "and leave none missing.",
    ),
    (
        "C().fit(X, [[1], [2, 3]] * 4)",
        ValueError,
        "y[0] has 1 steps, but X[0] has 4 real steps; rows of different lengths need "
        "one for each.",
    ),
    (
        "C().fit(X, Y[:, :0])",
        ValueError,
        "y has shape (8, 0); labels are (n_sequences,), (n_sequences, n_timesteps) "
        "or (n_sequences, n_outputs).",
    ),
    (
        "C().fit(X, np.zeros((8, 2, 2), int))",
        ValueError,
        "y has shape (8, 2, 2); labels are (n_sequences,), (n_sequences, "
        "n_timesteps) or (n_sequences, n_outputs).",
    ),
    (
        "C(n_outputs=2).fit(X, y)",
        ValueError,
        "n_outputs=2 but y has shape (8,), 1 targets a row; leave n_outputs=None "
        "to read it from y.",
    ),
    (
        "C(n_outputs=3).fit(X, Y)",
        ValueError,
        "n_outputs=3 but y has shape (8, 4), 4 targets a row; leave n_outputs=None "
        "to read it from y.",
    ),
    (
        "D(n_outputs=3).fit(X, Y)",
        ValueError,
        "n_outputs=3 but y has shape (8, 4), 4 targets a row; leave n_outputs=None "
        "to read it from y.",
    ),
    (
        "E().fit(X3)",
        ValueError,
        "X has 2 features per step that are not one-hot tokens, so there is no "
        "telling what to echo; pass y, or encode tokens with OneHotSequence.",
    ),
    (
        "E(n_outputs=2).fit(X)",
        ValueError,
        "Unknown label type: continuous. Maybe you are trying to fit a classifier, "
        "which expects discrete classes on a regression target with continuous "
        "values.",
    ),
    (
        "D(truncated_bptt_steps=2).fit(X, Y[:, :2])",
        ValueError,
        "truncated_bptt_steps=2 is less than the 4 steps of X: EncoderDecoderEcho "
        "decodes after the whole row has been read; use truncated_bptt_steps=None.",
    ),
    # Numbers to learn.
    (
        "R().fit(X, None)",
        ValueError,
        "StatefulLSTMRegressor requires y to be passed, but the target y is None.",
    ),
    (
        "R().fit(X, y)",
        ValueError,
        "y must hold numbers: could not convert string to float: np.str_('no'). "
        "Labels are for StatefulLSTMClassifier.",
    ),
    ("R().fit(X, 3)", ValueError, "y must be an array of numbers, got int."),
    ("R().fit(X, np.where(z > 0.5, np.nan, z))", ValueError, "Input y contains NaN."),
    (
        "R().fit(X, np.where(z > 0.5, np.inf, z))",
        ValueError,
        "Input y contains infinity or a value too large for dtype('float64').",
    ),
    (
        "R().fit(X, z * 1e300)",
        ValueError,
        "y has values too large for dtype='float32'; scale them, for example with "
        "TransformedTargetRegressor, or use dtype='float64'.",
    ),
    (
        "R().fit(X, z[:, None][:, :0])",
        ValueError,
        "Found array with 0 feature(s) (shape=(8, 0)) while a minimum of 1 is "
        "required.",
    ),
    (
        "R().fit(X, np.zeros((8, 4, 2, 1)))",
        ValueError,
        "y has shape (8, 4, 2, 1); targets are (n_sequences,), (n_sequences, "
        "n_timesteps), (n_sequences, n_outputs) or (n_sequences, n_timesteps, "
        "n_outputs).",
    ),
    (
        "R().fit(X, np.full((8, 4, 2), [1, np.nan]))",
        ValueError,
        "y is NaN in some of the columns at row 0, step 0, and not in others; a step "
        "without a target is NaN in all of them.",
    ),
    (
        "R().fit(X, np.full((8, 4), np.nan))",
        ValueError,
        "No target has a weight: every one is missing, of weight zero, or at a step "
        "of padding (mask_value=None).",
    ),
    (
        "R().fit(X, [[1.0], [2.0, 3.0]] * 4)",
        ValueError,
        "y[0] has 1 steps, but X[0] has 4 real steps; rows of different lengths need "
        "one for each.",
    ),
    (
        "R(n_outputs=2).fit(X, np.zeros((8, 4, 2)))",
        ValueError,
        "n_outputs=2 but y has shape (8, 4, 2), 4 targets a row; leave "
        "n_outputs=None to read it from y.",
    ),
    (
        "R(n_outputs=3).fit(X, X)",
        ValueError,
        "n_outputs=3 but y has shape (8, 4), 4 targets a row; leave n_outputs=None "
        "to read it from y.",
    ),
    # Weights.
    (
        "C().fit(X, y, sample_weight=[1, 2])",
        ValueError,
        "sample_weight.shape == (2,), expected (8,)!",
    ),
    (
        "C().fit(X, y, sample_weight=-np.ones(8))",
        ValueError,
        "Negative values in data passed to `sample_weight`.",
    ),
    (
        "C().fit(X, y, sample_weight=np.full(8, np.nan))",
        ValueError,
        "Input sample_weight contains NaN.",
    ),
    (
        "C().fit(X, y, sample_weight=np.full(8, np.inf))",
        ValueError,
        "Input sample_weight contains infinity or a value too large for "
        "dtype('float64').",
    ),
    (
        'C().fit(X, y, sample_weight=["a"] * 8)',
        ValueError,
        "sample_weight must hold numbers: could not convert string to float: 'a'.",
    ),
    (
        "C().fit(X, y, sample_weight=np.ones((8, 2)))",
        ValueError,
        "sample_weight has shape (8, 2); one weight a row, shape (8,), or where there "
        "are several targets in a row one for each, shape (8, 1), is required.",
    ),
    (
        'C(class_weight={"maybe": 1}).fit(X, y)',
        ValueError,
        "The classes, ['no', 'yes'], are not in class_weight",
    ),
    (
        'C(class_weight={"no": -1, "yes": 1}).fit(X, y)',
        ValueError,
        "class_weight must give each class a finite number of at least 0; got "
        "{'no': -1}.",
    ),
    (
        'C(class_weight={"no": np.nan, "yes": "much"}).fit(X, y)',
        ValueError,
        "class_weight must give each class a finite number of at least 0; got "
        "{'no': nan, 'yes': 'much'}.",
    ),
    (
        'C(class_weight={"no": 0, "yes": 0}).fit(X, y)',
        ValueError,
        "No target has a weight: every one is missing, of weight zero, or at a step "
        "of padding (mask_value=None).",
    ),
    # Groups.
    (
        "C(batch_size=4).fit(X, y, groups=[0, 1])",
        ValueError,
        "groups has 2 labels but X has 8 rows; one label a row is required.",
    ),
    (
        "C(batch_size=3, rows_abreast=4).fit(X, y, groups=groups)",
        ValueError,
        "rows_abreast=4 rows of a group do not fit into batch_size=3; set batch_size=4 "
        "or more.",
    ),
    (
        "C(rows_abreast=2).fit(X, y)",
        ValueError,
        "rows_abreast=2 says how rows of a group continue each other, but groups is "
        "None; pass groups, or set rows_abreast=1.",
    ),
    (
        "C(rows_abreast=0).fit(X, y, groups=groups)",
        ValueError,
        "The 'rows_abreast' parameter of StatefulLSTMClassifier must be an int in the "
        "range [1, inf). Got 0 instead.",
    ),
    (
        "C(batch_size=4).fit(X, y, groups=[0, 1] * 4)",
        ValueError,
        "The rows of group 0 are not consecutive; rows of a group continue each "
        "other, so sort X, y and groups by group first.",
    ),
    (
        "C(batch_size=4).fit(X, y, groups=np.zeros((8, 2)))",
        ValueError,
        "groups has shape (8, 2); one label a row, shape (8,), is required.",
    ),
    (
        'C(batch_size=4).fit(X, y, groups="a")',
        ValueError,
        "groups has shape (); one label a row, shape (8,), is required.",
    ),
    (
        "C(batch_size=4).fit(X, y, groups=[0.0] * 4 + [np.nan] * 4)",
        ValueError,
        "groups has no label for 4 of 8 rows, the first at row 4 (nan); one label "
        "a row is required.",
    ),
    (
        "C(batch_size=4).fit(X, y, groups=[None] * 8)",
        ValueError,
        "groups has no label for 8 of 8 rows, the first at row 0 (None); one label "
        "a row is required.",
    ),
    (
        'C(batch_size=4).fit(X, y, groups=np.array([0] * 4 + ["a"] * 4, dtype=object))',
        ValueError,
        "groups has labels of the kinds ['int', 'str']; use one kind.",
    ),
    # Rows held out.
    (
        "C(early_stopping=True).partial_fit(X, y)",
        ValueError,
        "partial_fit trains on every row that it is given and holds none out; set "
        "early_stopping=False.",
    ),
    (
        "C(early_stopping=True, random_state=0).fit("
        "X, y, groups=groups, sample_weight=groups)",
        ValueError,
        "early_stopping left only targets of weight zero to train on; set another "
        "validation_fraction, or early_stopping=False.",
    ),
    (
        "C(early_stopping=True, random_state=0).fit("
        "X, y, groups=groups, sample_weight=1 - groups)",
        ValueError,
        "early_stopping left only targets of weight zero to hold out; set another "
        "validation_fraction, or early_stopping=False.",
    ),
    (
        "C(early_stopping=True).fit(X[:1], y[:1])",
        ValueError,
        "early_stopping cannot hold out validation_fraction=0.1 of 1 rows or their "
        "groups: With n_samples=1, test_size=0.1 and train_size=None, the "
        "resulting train set will be empty. Adjust any of the aforementioned "
        "parameters. Set another validation_fraction, or early_stopping=False.",
    ),
    (
        "C(early_stopping=True, batch_size=4).fit(X, y, groups=np.zeros(8))",
        ValueError,
        "early_stopping cannot hold out validation_fraction=0.1 of 8 rows or their "
        "groups: With n_samples=1, test_size=0.1 and train_size=None, the "
        "resulting train set will be empty. Adjust any of the aforementioned "
        "parameters. Set another validation_fraction, or early_stopping=False.",
    ),
    # partial_fit.
    (
        'C().partial_fit(X, y, classes=["maybe"])',
        ValueError,
        "y contains labels not seen in the first fit: ['no', 'yes']; classes are "
        "['maybe'].",
    ),
    (
        "C().partial_fit(X, y, classes=[])",
        ValueError,
        "Found array with 0 sample(s) (shape=(0,)) while a minimum of 1 is required.",
    ),
    (
        "C().partial_fit(X, y, classes=3)",
        ValueError,
        "classes must be an array of labels, got int.",
    ),
    (
        'C().partial_fit(X, y, classes=[["no", "yes"]])',
        ValueError,
        "classes has shape (1, 2); a list of at least one label is required.",
    ),
    (
        'C().partial_fit(X, y, classes=np.array([1, "no", None], dtype=object))',
        ValueError,
        "classes has labels of kinds that cannot be sorted together: ['NoneType', "
        "'int', 'str']; use labels of one kind.",
    ),
    (
        "C().partial_fit(X, y, classes=[np.nan, 1.0])",
        ValueError,
        "Input classes contains NaN.",
    ),
    (
        'C(class_weight="balanced").partial_fit(X, y)',
        ValueError,
        "class_weight='balanced' needs all of y at once and cannot be used with "
        "partial_fit; pass a dict of weights, or sample_weight.",
    ),
    (
        'clf.partial_fit(X, ["maybe"] * 8)',
        ValueError,
        "y contains labels not seen in the first fit: ['maybe']; classes are "
        "['no', 'yes'].",
    ),
    (
        'clf.partial_fit(X, y, classes=["a", "b"])',
        ValueError,
        "classes is ['a', 'b'], but in the first fit it was ['no', 'yes']; it "
        "cannot change.",
    ),
    (
        "clf.partial_fit(X, None)",
        ValueError,
        "StatefulLSTMClassifier requires y to be passed, but the target y is None.",
    ),
    (
        "clf.partial_fit(X[:, :3], y)",
        ValueError,
        "X has 3 features, but StatefulLSTMClassifier is expecting 4 features as "
        "input.",
    ),
    (
        "clf.partial_fit(X3, y)",
        ValueError,
        "X has 2 features per step, but StatefulLSTMClassifier is expecting 1 "
        "features per step as input.",
    ),
    (
        "clf.partial_fit(X, Y)",
        ValueError,
        "y has shape (8, 4), one target per step, but this estimator was first fitted "
        "with y of shape (n,), targets after the last step.",
    ),
    (
        "reg.partial_fit(X, X)",
        ValueError,
        "y has shape (8, 4), one target per step, but this estimator was first fitted "
        "with y of shape (n,), targets after the last step.",
    ),
    (
        "steps.partial_fit(X[:, :, None], y)",
        ValueError,
        "y has shape (8,), targets after the last step, but this estimator was first "
        "fitted with y of shape (n, n_timesteps), one target per step.",
    ),
    # Before a fit.
    (
        "C().predict(X)",
        ValueError,
        "This StatefulLSTMClassifier instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "C().predict_proba(X)",
        ValueError,
        "This StatefulLSTMClassifier instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "C().score(X, y)",
        ValueError,
        "This StatefulLSTMClassifier instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "C().stream()",
        ValueError,
        "This StatefulLSTMClassifier instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "C().generate([1.0], 3)",
        ValueError,
        "This StatefulLSTMClassifier instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "C().model_",
        ValueError,
        "This StatefulLSTMClassifier instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "R().predict(X)",
        ValueError,
        "This StatefulLSTMRegressor instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    # predict.
    (
        "clf.predict(None)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=nan.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "clf.predict([])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "clf.predict(X[:0])",
        ValueError,
        "Found array with 0 sample(s) (shape=(0, 4)) while a minimum of 1 is "
        "required by StatefulLSTMClassifier.",
    ),
    (
        "clf.predict(X[0])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[0.      0.03125 0.0625  0.09375].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "clf.predict(X[:, :3])",
        ValueError,
        "X has 3 features, but StatefulLSTMClassifier is expecting 4 features as "
        "input.",
    ),
    (
        "clf.predict(X3)",
        ValueError,
        "X has 2 features per step, but StatefulLSTMClassifier is expecting 1 "
        "features per step as input.",
    ),
    (
        "clf.predict(X3[None])",
        ValueError,
        "X has 4 dimensions, shape (1, 8, 4, 2); StatefulLSTMClassifier takes "
        "(n_sequences, n_timesteps) or (n_sequences, n_timesteps, n_features).",
    ),
    (
        "clf.predict(X3[:, :0])",
        ValueError,
        "X has shape (8, 0, 2); at least one sequence, one time step and one "
        "feature are required.",
    ),
    (
        "clf.predict(np.where(X > 0.9, np.nan, X))",
        ValueError,
        "Input X contains NaN, first at row 7, step 1. If NaN fills up sequences, "
        "as skseq.preprocessing.pad_sequences does, set mask_value=nan; otherwise fill "
        "it, for example with SimpleImputer.",
    ),
    (
        "clf.predict(X * 1e300)",
        ValueError,
        "X has values too large for dtype='float32' (largest 9.6875e+299); scale "
        "X, for example with StandardScaler, or use dtype='float64'.",
    ),
    (
        'clf.predict([["a"] * 4])',
        ValueError,
        "X must hold numbers: could not convert string to float: 'a'. Symbols "
        "become numbers with OneHotSequence.",
    ),
    (
        "clf.predict([[1, 2, 3, 4], []])",
        ValueError,
        "X[1] has shape (0,); each sequence of a list must be (n_timesteps,) or "
        "(n_timesteps, n_features), with at least one step.",
    ),
    (
        "clf.predict(X, groups=[0, 1])",
        ValueError,
        "groups has 2 labels but X has 8 rows; one label a row is required.",
    ),
    (
        "clf.predict_proba(X, groups=[0, 1] * 4)",
        ValueError,
        "The rows of group 0 are not consecutive; rows of a group continue each "
        "other, so sort X, y and groups by group first.",
    ),
    (
        "clf3.predict(X)",
        ValueError,
        "X has 2 dimensions, one feature per step, but StatefulLSTMClassifier is "
        "expecting 2 features per step: pass X of shape (n_sequences, n_timesteps, "
        "2).",
    ),
    (
        "clf3.predict(X3[:, :, :1])",
        ValueError,
        "X has 1 features per step, but StatefulLSTMClassifier is expecting 2 "
        "features per step as input.",
    ),
    (
        "clf3.predict_proba(np.where(X3 > 0.9, np.inf, X3))",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        'named.predict(table[["b", "a", "c", "d"]])',
        ValueError,
        "The feature names should match those that were passed during fit.\n"
        "Feature names must be in the same order as they were in fit.\n",
    ),
    (
        'named.predict(table[["a", "b", "c"]])',
        ValueError,
        "The feature names should match those that were passed during fit.\n"
        "Feature names seen at fit time, yet now missing:\n"
        "- d\n",
    ),
    (
        'named.predict(table.rename(columns={"a": "e"}))',
        ValueError,
        "The feature names should match those that were passed during fit.\n"
        "Feature names unseen at fit time:\n"
        "- e\n"
        "Feature names seen at fit time, yet now missing:\n"
        "- a\n",
    ),
    # score.
    ("clf.score(X, None)", ValueError, "y has shape (), but predictions have (8,)."),
    ("clf.score(X, y[:7])", ValueError, "y has shape (7,), but predictions have (8,)."),
    ("clf.score(X, Y)", ValueError, "y has shape (8, 4), but predictions have (8,)."),
    (
        "clf.score(X, y, sample_weight=[1.0])",
        ValueError,
        "sample_weight.shape == (1,), expected (8,)!",
    ),
    (
        "clf.score(X, y, sample_weight=-np.ones(8))",
        ValueError,
        "Negative values in data passed to `sample_weight`.",
    ),
    (
        'clf.score(X, y, sample_weight=["a"] * 8)',
        ValueError,
        "sample_weight must hold numbers: could not convert string to float: 'a'.",
    ),
    (
        "steps.score(X[:, :, None], y)",
        ValueError,
        "y has shape (8,), but predictions have (8, 4).",
    ),
    ("reg.score(X, None)", ValueError, "y has shape (), but predictions have (8,)."),
    ("reg.score(X, z[:7])", ValueError, "y has shape (7,), but predictions have (8,)."),
    ("reg.score(X, X)", ValueError, "y has shape (8, 4), but predictions have (8,)."),
    (
        "reg.score(X, y)",
        ValueError,
        "y must hold numbers: could not convert string to float: np.str_('no').",
    ),
    (
        "reg.score(X, z + 1j)",
        ValueError,
        "y has complex numbers; real ones are required.",
    ),
    ("reg.score(X, np.full(8, np.nan))", ValueError, "Input contains NaN."),
    (
        "reg.score(X, z, sample_weight=[1.0])",
        ValueError,
        "sample_weight.shape == (1,), expected (8,)!",
    ),
    # One value at a time, and closed loop.
    (
        "clf.stream().step([1.0, 2.0])",
        ValueError,
        "step takes 1 finite features of one step, got [1.0, 2.0].",
    ),
    (
        "clf.stream().step([])",
        ValueError,
        "step takes 1 finite features of one step, got [].",
    ),
    (
        "clf.stream().step(np.nan)",
        ValueError,
        "step takes 1 finite features of one step, got nan.",
    ),
    (
        "clf.stream().step(1e300)",
        ValueError,
        "step takes 1 finite features of one step, got 1e+300.",
    ),
    (
        'clf.stream().step("a")',
        ValueError,
        "step takes 1 finite features of one step, got 'a'.",
    ),
    (
        "clf.generate([], 3)",
        ValueError,
        "prefix must have shape (n_timesteps,) or (n_timesteps, n_features) with "
        "at least one step, got (0,).",
    ),
    (
        "clf.generate(X3, 3)",
        ValueError,
        "prefix must have shape (n_timesteps,) or (n_timesteps, n_features) with "
        "at least one step, got (8, 4, 2).",
    ),
    (
        'clf.generate("abc", 3)',
        ValueError,
        "prefix must hold numbers: could not convert string to float: 'abc'.",
    ),
    (
        "clf.generate([np.nan], 3)",
        ValueError,
        "step takes 1 finite features of one step, got np.float32(nan).",
    ),
    (
        "clf.generate([[1.0, 2.0]], 3)",
        ValueError,
        "step takes 1 finite features of one step, got array([1., 2.], dtype=float32).",
    ),
    (
        "clf.generate([1.0], 0)",
        ValueError,
        "n_steps must be an int of at least 1, got 0.",
    ),
    (
        "clf.generate([1.0], 2.5)",
        ValueError,
        "n_steps must be an int of at least 1, got 2.5.",
    ),
    (
        "clf.generate([1.0], True)",
        ValueError,
        "n_steps must be an int of at least 1, got True.",
    ),
    (
        "clf.generate([1.0], 3)",
        ValueError,
        "A prediction of 1 of 2 labels cannot stand as a step of 1 features; "
        "generate needs one label a step, and one feature for each class or a "
        "single numeric one.",
    ),
    (
        "steps.generate([0.5], 3)",
        ValueError,
        "A prediction of 1 of 2 labels cannot stand as a step of 1 features; "
        "generate needs one label a step, and one feature for each class or a "
        "single numeric one.",
    ),
    # More than memory holds.
    (
        "C(units=[8192] * 99).fit(X, y)",
        ValueError,
        "The result would take 846 GB, but this machine has … GB of memory; lower "
        "units.",
    ),
    (
        "C(rows_abreast=10**13, batch_size=10**13).fit(X, y, groups=groups)",
        ValueError,
        "The result would take 8e+04 GB, but this machine has … GB of memory; lower "
        "rows_abreast.",
    ),
    (
        "clf.stream(10**13)",
        ValueError,
        "The result would take 2.8e+05 GB, but this machine has … GB of memory; lower "
        "n_sequences.",
    ),
    (
        "reg.generate([1.0], 10**13)",
        ValueError,
        "The result would take 4e+04 GB, but this machine has … GB of memory; lower "
        "n_steps.",
    ),
    # Going on from other weights.
    (
        "wider.partial_fit(X, y)",
        ValueError,
        "units=5, but this estimator was first fitted with units=3, and goes on "
        "from its weights; set it back, or fit anew with warm_start=False.",
    ),
    (
        "double.partial_fit(X, y)",
        ValueError,
        "dtype='float64', but this estimator was first fitted with "
        "dtype='float32', and goes on from its weights; set it back, or fit anew "
        "with warm_start=False.",
    ),
]


@pytest.mark.parametrize(
    ("call", "error", "message"), CATALOGUE, ids=[call for call, *_ in CATALOGUE]
)
def test_a_malformed_call_is_refused(call, error, message, refused):
    refused(
        call,
        error,
        message,
        C=Made(skseq.StatefulLSTMClassifier),
        R=Made(skseq.StatefulLSTMRegressor),
        E=Made(skseq.Seq2SeqEcho),
        D=Made(skseq.EncoderDecoderEcho),
        G=Made(skseq.RecurrentClassifier),
        H=Made(skseq.RecurrentRegressor),
        changed=changed,
        **data(),
        **pickle.loads(fitted()),
    )


def test_the_catalogue_repeats_nothing():
    calls = [call for call, *_ in CATALOGUE]
    assert len(set(calls)) == len(calls)
