"""The language of explicit claims: ``params(resnet18) == 11_689_512``.

A comparison of two expressions, or several joined by ``and``. Expressions have numbers with units
(``60M``, ``4.1 G``), tuples, arithmetic, and the functions of the table below. Nothing else: no
names but models, no attribute access, no strings. Documented in docs/claims.md.
"""
