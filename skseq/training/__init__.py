"""Training: schedule in, weights and loss curve out, in one compiled program.

``options`` and ``schedule`` need no TensorFlow; ``losses``, ``update_rules`` and
``compiled`` import it.
"""
