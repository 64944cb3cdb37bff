"""The experiments of Hochreiter and Schmidhuber (1997), run again.

S. Hochreiter and J. Schmidhuber (1997), Long short-term memory, Neural Computation
9(8), 1735-1780. ``tasks`` says what is learnt and what counts as right, ``criteria``
when the paper stops, ``training`` trains an estimator until then, ``runs`` puts them
together, ``sweeps`` asks how far each way of training reaches, ``tables`` and
``figures`` report.
"""
