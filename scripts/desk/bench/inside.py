"""Measuring inside Odoo: this code runs in ``odoo shell``, with Odoo's Python."""

import contextlib
import gc
import statistics
import time


@contextlib.contextmanager
def quiet():
    """Keep Python's garbage collector out of what is measured."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def environment(registry, uid, cursor, **context):
    """Return the environment of one request of the web client."""
    from odoo import api  # noqa: PLC0415  only there inside Odoo

    context = {"lang": "en_US", "tz": "UTC", **context}
    return api.Environment(cursor, uid, context)


def timed(registry, uid, function):
    """Run ``function(env)`` as one request does: own transaction, empty cache, commit.

    :return: seconds and number of SQL queries
    """
    from odoo import sql_db  # noqa: PLC0415  only there inside Odoo

    queries, begin = sql_db.sql_counter, time.perf_counter()
    with registry.cursor() as cursor:
        function(environment(registry, uid, cursor))
    return time.perf_counter() - begin, sql_db.sql_counter - queries


def total(results):
    """Return the sums of seconds and queries of several requests."""
    return [sum(column) for column in zip(*results, strict=True)]


def in_turns(actions, count):
    """Do each side's ``count`` actions in turns; whoever begins changes every time.

    :param actions: for each side a function of the action's number that returns
        seconds and queries
    :return: for each side the sums of seconds and queries
    """
    sums = [[0.0, 0] for _action in actions]
    sides = list(enumerate(actions))
    with quiet():
        for index in range(count):
            for side, action in sides if index % 2 else reversed(sides):
                seconds, queries = action(index)
                sums[side][0] += seconds
                sums[side][1] += queries
    return sums


def compare_reads(registry, uid, reads, rounds):
    """Read two sides in turns as one user; return their :func:`summary`.

    :param reads: of each side a function of the environment
    """
    actions = [lambda _number, read=read: timed(registry, uid, read) for read in reads]
    in_turns(actions, 2)  # caches of the process
    return summary([in_turns(actions, 1) for _round in range(rounds)])


def summary(rounds):
    """Sum up rounds of :func:`in_turns` with two sides.

    Times and queries are those of the best round. The ratio is the median of the
    rounds' ratios, each of two sides measured in turns, so a busy machine does little
    to it; ``spread`` is half the distance between the quartiles.
    """
    ratios = sorted(own[0] / plain[0] for plain, own in rounds)
    low = high = ratios[0]
    if len(ratios) > 1:
        low, _middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return {
        "seconds": [min(sides[side][0] for sides in rounds) for side in (0, 1)],
        "queries": [min(sides[side][1] for sides in rounds) for side in (0, 1)],
        "ratio": statistics.median(ratios),
        "spread": (high - low) / 2,
    }
