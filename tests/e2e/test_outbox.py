"""Mail on its way out under kills, cuts and refusals: see outbox_kill_loop.py. VALIJA_SEED and VALIJA_SOAK_ROUNDS choose others."""

import os
import unittest

from outbox_kill_loop import OutboxLoop


class OutboxKillLoopTest(unittest.TestCase):
    def test_each_mail_arrives_once_or_is_shown_as_held(self):
        rounds = int(os.environ.get("VALIJA_SOAK_ROUNDS") or 30)
        with OutboxLoop(int(os.environ.get("VALIJA_SEED") or 5)) as loop:
            loop.run(rounds)
            print(loop.summary())
            self.assertGreater(loop.figures["kills"], 0)
            self.assertGreater(loop.figures["arrived"], rounds / 2)


if __name__ == "__main__":
    unittest.main()
