"""A kill loop run by hand."""

import os
import random
import sys


def soak(make_loop, failure, rounds, every):
    """`make_loop(seed)` is entered and run; `rounds` where neither the command line nor VALIJA_SOAK_ROUNDS says how many."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("VALIJA_SOAK_ROUNDS", rounds))
    seed = int(os.environ.get("VALIJA_SEED") or random.randrange(1 << 30))
    print(f"{rounds} rounds with VALIJA_SEED={seed}", flush=True)
    with make_loop(seed) as loop:
        try:
            loop.run(rounds, every=every)
        except failure as error:
            print(error, file=sys.stderr)
            print(loop.summary())
            raise SystemExit(1) from None
    print(loop.summary())
