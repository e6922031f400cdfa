"""Mails are written while the program is killed: see composer_kill_loop.py. VALIJA_SEED and VALIJA_SOAK_ROUNDS choose others."""

import os
import unittest

from composer_kill_loop import ComposerLoop


class ComposerKillLoopTest(unittest.TestCase):
    def test_what_was_typed_is_there_once(self):
        rounds = int(os.environ.get("VALIJA_SOAK_ROUNDS") or 15)
        with ComposerLoop(int(os.environ.get("VALIJA_SEED") or 3)) as loop:
            loop.run(rounds)
        print(loop.summary())


if __name__ == "__main__":
    unittest.main()
