"""A run that compares must fail where something became worse, and where the list of known misses is no longer true."""

import unittest

from misses import KnownMiss, mended_misses, new_misses, read_known
from result import Agreement
from scores import scores

KNOWN = [KnownMiss("observations*", "lb.18", "why"), KnownMiss("captures", "tls a > b", "why")]


class MissesTests(unittest.TestCase):
    def test_a_miss_without_a_row_is_new(self) -> None:
        agreement = Agreement(3, {"lb.18": "status", "other": "status"})
        self.assertEqual(new_misses("observations-1.28.0", agreement, KNOWN), ["other"])

    def test_a_row_of_another_comparison_covers_nothing(self) -> None:
        self.assertEqual(new_misses("captures", Agreement(3, {"lb.18": "status"}), KNOWN), ["lb.18"])

    def test_a_row_without_its_miss_is_told(self) -> None:
        self.assertEqual(mended_misses("observations", Agreement(3, {}), KNOWN), ["lb.18"])
        self.assertEqual(mended_misses("captures", Agreement(3, {"tls a > b": "no"}), KNOWN), [])

    def test_every_row_of_the_file_has_a_reason(self) -> None:
        for miss in read_known():
            self.assertTrue(miss.comparison and miss.case and miss.reason, miss)


class ScoresTests(unittest.TestCase):
    def test_an_area_has_a_row_with_a_column_for_each_version(self) -> None:
        found = {
            "captures": Agreement(2, {}),
            "observations": Agreement(3, {"a": "x"}, {"map": (2, 3)}),
            "observations-1.28.0": Agreement(3, {}, {"map": (3, 3)}),
        }
        lines = scores(found).splitlines()
        self.assertEqual(lines[0], "| area | 1.22.1 | 1.28.0 |")
        self.assertIn("| map | 2 of 3 | 3 of 3 |", lines)
        self.assertEqual(lines[-1], "| **all** | **2 of 3** | **3 of 3** |")


if __name__ == "__main__":
    unittest.main()
