"""Counts words."""

from collections import Counter
from collections.abc import Iterable


def count(lines: Iterable[str]) -> Counter[str]:
    """How often each word occurs, whatever its case."""
    return Counter(word.strip(".,;:!?\"'()").lower() for line in lines for word in line.split())
