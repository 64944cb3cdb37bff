"""Predictions: one forward pass in NumPy, and streams; no TensorFlow."""
