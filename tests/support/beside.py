"""Tests that mostly wait for a patience to end run beside the others of their file, each on a thread of its own."""

import threading
import unittest


def _cases(tests):
    for test in tests:
        yield from _cases(test) if isinstance(test, unittest.TestSuite) else (test,)


class _Beside(unittest.TestSuite):
    def __init__(self, others, waiting):
        super().__init__(others)
        self._waiting = [(test, unittest.TestResult()) for test in waiting]

    def countTestCases(self):
        return super().countTestCases() + len(self._waiting)

    def run(self, result, debug=False):
        threads = [threading.Thread(target=test.run, args=(own,)) for test, own in self._waiting]
        for thread in threads:
            thread.start()
        super().run(result, debug)
        for thread, (test, own) in zip(threads, self._waiting):
            thread.join()
            result.startTest(test)
            if own.wasSuccessful():
                result.addSuccess(test)
            result.failures += own.failures
            result.errors += own.errors
            result.stopTest(test)
        return result


def beside(*names):
    """For `load_tests` of a file: the tests of these names run beside the others. A test that is named on the command line runs as any other."""
    def load_tests(_loader, tests, _pattern):
        cases = list(_cases(tests))
        is_waiting = [test.id().rpartition(".")[2] in names for test in cases]
        return _Beside([test for test, waits in zip(cases, is_waiting) if not waits], [test for test, waits in zip(cases, is_waiting) if waits])
    return load_tests
