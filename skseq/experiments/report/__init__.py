"""The report of a run: one page, made from its results alone.

``content`` gathers what it says, ``pictures`` puts figures into it, ``page`` lays it
out with the template beside it. Nothing here trains, so nothing imports TensorFlow.
"""
