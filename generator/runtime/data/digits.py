"""The data set of the demo: 1,797 handwritten digits of 8×8 pixels that scikit-learn brings along."""

from __future__ import annotations

from generator.runtime.data.examples import Example, Examples, Pixels, split
from generator.runtime.problem import extra


def read_digits(*, seed: int) -> Examples:
    """Give the digits, a fifth of them for validation. Raises :class:`UsageError` without the extra."""
    datasets = extra(
        "sklearn.datasets", name="demo", needed_for="training on scikit-learn's digits"
    )
    digits = datasets.load_digits()
    examples = [
        # Values are 0 to 16.
        Example(Pixels(8, 8, bytes(min(255, int(value) * 16) for value in image.flat)), int(label))
        for image, label in zip(digits.images, digits.target, strict=True)
    ]
    return split([str(each) for each in digits.target_names], examples, seed=seed)
