"""Both directions against a real Dovecot."""

import unittest

from both_ways import BothWays
from servers.dovecot import Dovecot


class DovecotTest(BothWays, unittest.TestCase):
    def make_server(self):
        return Dovecot()


if __name__ == "__main__":
    unittest.main()
