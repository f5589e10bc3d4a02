"""Multinomial logistic regression in its dual form, on a Gram matrix.

There are fewer texts than features, so everything is computed between texts.
Each step minimises an upper bound of the loss whose curvature does not change
(Böhning, AISM 1992), so one inverse serves all steps and none has a step size.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
LABELS = (-1, 0, 1)
STEPS = 60


def fit(gram: Array, labels: npt.NDArray[np.int64], weights: Array) -> Array:
    """Return one coefficient a text and label; the scores of texts are their Gram rows times it.

    The penalty is half the squared length of the weights: scale `gram` to change it.
    """
    count = len(labels)
    target: Array = np.eye(3)[labels + 1].astype(np.float32)
    heavy = weights[:, None]
    bound = np.eye(count, dtype=np.float32) + np.float32(0.5) * heavy * gram
    inverse = np.linalg.inv(bound).astype(np.float32)
    found: Array = np.zeros((count, 3), np.float32)
    for _ in range(STEPS):
        slope = heavy * (softmax(gram @ found) - target)
        found -= inverse @ (slope + found)
    return found


def softmax(scores: Array) -> Array:
    """Return the probabilities of the labels for rows of scores."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    share: Array = raised / raised.sum(axis=1, keepdims=True)
    return share


def balanced(
    labels: npt.NDArray[np.int64],
    kinds: npt.NDArray[np.int64],
    worth: dict[int, float],
    evenness: float = 1.0,
) -> Array:
    """Return weights by which a text of a kind counts `worth`, and a rare label's more.

    With evenness 1 the labels of a kind count alike, with 0 as often as they occur.
    """
    weights = np.zeros(len(labels), np.float32)
    for kind, value in worth.items():
        texts = kinds == kind
        for label in LABELS:
            here = (labels == label) & texts
            if here.any():
                weights[here] = (texts.sum() / here.sum()) ** evenness
        if texts.any():
            weights[texts] *= value / weights[texts].mean()
    return weights
