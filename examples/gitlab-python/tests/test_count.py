import unittest

from wordcount import count


class CountTests(unittest.TestCase):
    def test_case_and_punctuation_do_not_matter(self):
        self.assertEqual(count(["A rose, a Rose!", "a rose."]), {"a": 3, "rose": 3})

    def test_nothing_has_no_words(self):
        self.assertEqual(count([]), {})
