"""Networks: described once; how each part trains, predicts and looks to Keras.

``spec`` describes a network by its layers, and each cell has a folder of its own with
its shapes and first weights, its compiled walk through time with the gradient, its
step in NumPy and its Keras layer side by side. Of these only ``keras_models``,
``first_weights`` and the walks import TensorFlow, which training alone needs.
"""
