"""Architectures without torch: families as data, layer rows, the typed IR, and its arithmetic.

``spec`` reads families, ``lower`` builds networks, ``arithmetic`` counts, ``tables`` reads layer tables.
"""
