"""File locks, so that two set-ups at once do not harm each other."""

import fcntl
from contextlib import contextmanager

from .console import say


@contextmanager
def lock(path, waiting="Waiting for another set-up that is running …"):
    """Hold an exclusive lock on the file ``path``; say ``waiting`` if it is taken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def hold_shared(path):
    """Take a shared lock and return its handle; the lock ends with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("w")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def is_in_use(path):
    """Return whether some process holds a lock on the file ``path``."""
    if not path.exists():
        return False
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
