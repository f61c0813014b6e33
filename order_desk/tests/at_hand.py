"""Orders that are made once for all tests of a class that begin with them."""

from collections import Counter
from functools import wraps

from freezegun.api import freeze_factories


class AtHand:
    """What a class of tests has at hand: made outside of the savepoint of each test.

    To bring an order along the real way takes a second, and most tests begin with it.
    """

    def __init__(self, worth_it):
        self.worth_it = worth_it  # tests that make the same before it is at hand
        self.wanted = Counter()
        self.made = {}
        self.queries = None  # that were run when the test began

    def prepare(self):
        """Make what tests began with, before the next one begins."""
        for key, times in self.wanted.items():
            if times >= self.worth_it and key not in self.made:
                make, args, values = key
                self.made[key] = make(*args, **dict(values))

    def begin(self, cr):
        self.queries = cr.sql_log_count

    def is_untouched(self, env):
        """Tell whether the test has neither read nor changed anything so far."""
        return (
            env.cr.sql_log_count == self.queries
            and not any(env.transaction.field_dirty.values())
            and not freeze_factories  # what is at hand was made today
        )

    def take(self, env, key):
        """Return what is at hand, nothing if the test needs its own."""
        if not self.is_untouched(env):
            return None
        self.queries = None
        self.wanted[key] += 1
        return self.made.get(key)


def at_hand(make):
    """Let the tests of a class that begin with the same call share what it returns.

    Each test finds it as new. A test that has done anything before gets its own, as
    the outcome may depend on what it did.
    """

    @wraps(make)
    def take(cls, *args, **values):
        key = (make.__get__(cls), args, tuple(sorted(values.items())))
        try:
            ready = cls.at_hand.take(cls.env, key)
        except TypeError:  # a list or the like among the values
            ready = None
        return ready if ready is not None else make(cls, *args, **values)

    return take
