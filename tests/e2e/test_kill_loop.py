"""Changes on both sides and kills at random moments: see kill_loop.py. VALIJA_SEED and VALIJA_SOAK_ROUNDS choose others."""

import os
import unittest

from kill_loop import KillLoop


class KillLoopTest(unittest.TestCase):
    def test_nothing_is_lost_or_doubled_and_both_sides_agree(self):
        seed = int(os.environ.get("VALIJA_SEED") or 3)
        with KillLoop(seed) as loop:
            loop.run(int(os.environ.get("VALIJA_SOAK_ROUNDS") or 30))
        print(loop.summary())


if __name__ == "__main__":
    unittest.main()
