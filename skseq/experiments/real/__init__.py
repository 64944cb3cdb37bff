"""Networks on real series that others published, beside what is simpler.

``config`` checks config/real.yaml, ``sources`` takes the data out of the packages that
ship them, ``classification`` and ``forecasting`` search and repeat, ``rivals`` are what
they are measured against, ``tables``, ``verdicts`` and ``figures`` report.
"""
