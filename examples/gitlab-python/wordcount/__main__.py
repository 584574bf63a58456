"""Prints the ten most frequent words of standard input."""

import sys

from wordcount import count

for word, times in count(sys.stdin).most_common(10):
    print(f"{times:6} {word}")
