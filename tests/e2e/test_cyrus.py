"""The same scenes as against Dovecot against a real Cyrus: what one server lets pass another one does not."""

import unittest

from both_ways import BothWays
from servers import cyrus
from servers.cyrus import Cyrus


@unittest.skipUnless(cyrus.available(), "skipped: there is no Cyrus; ./dev test unpacks it")
class CyrusTest(BothWays, unittest.TestCase):
    def make_server(self):
        return Cyrus()


if __name__ == "__main__":
    unittest.main()
