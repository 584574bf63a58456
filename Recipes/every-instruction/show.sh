#!/bin/sh
# Prints what the instructions of the recipe left behind.
set -eu
echo "$GREETING from user $(id -u) in $PWD"
echo "arguments: $*"
echo "words: $(paste -s -d ' ' "$WORDS/sorted.txt")"
