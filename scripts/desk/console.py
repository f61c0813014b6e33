"""What the scripts say, and how they fail."""

import errno
import os
import sys
import threading
import time
from contextlib import contextmanager

#: errors of the machine, with what mends them
NO_BUG = {
    errno.ENOSPC: "make room on that disk and run the same command again.",
    errno.EDQUOT: "make room on that disk and run the same command again.",
    errno.EACCES: "permit access there, or set ORDER_DESK_CACHE to another folder.",
    errno.EPERM: "permit access there, or set ORDER_DESK_CACHE to another folder.",
    errno.EROFS: "set ORDER_DESK_CACHE to a folder you may write to.",
}


class Problem(Exception):  # noqa: N818  it is about the machine, not the code
    """Something is missing that a person can mend.

    :param what: one sentence, what is wrong
    :param mend: what to do about it, if possible the command to type
    """

    def __init__(self, what, mend=""):
        super().__init__(what)
        self.what = what
        self.mend = mend

    def __str__(self):
        return f"{self.what}\n  To mend it: {self.mend}" if self.mend else self.what


def say(text=""):
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def run_main(main):
    """Run ``main`` and exit; a :class:`Problem` becomes a message, not a traceback."""
    try:
        sys.exit(main())
    except Problem as problem:
        sys.stdout.flush()
        print(f"\n✗ {problem}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again to go on.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os._exit(141)
    except OSError as error:
        if error.errno not in NO_BUG:
            raise
        print(f"\n✗ {error}\n  To mend it: {NO_BUG[error.errno]}", file=sys.stderr)
        sys.exit(2)


class Progress:
    """Numbered steps: ``[2/5] Odoo 19 …`` and, at its end, the seconds it took."""

    def __init__(self):
        self.total = 0
        self.number = 0

    def plan(self, count):
        """Announce that ``count`` more steps will come."""
        self.total += count

    @contextmanager
    def step(self, title):
        """Print the step's start and end; yield a function that reports how far it is.

        The report is a short text such as "12 of 123 MB". On a terminal it is shown
        in place, elsewhere only every 20 seconds.
        """
        self.number += 1
        self.total = max(self.total, self.number)
        head = f"[{self.number}/{self.total}] {title}"
        ticker = _Ticker(head)
        say(f"{head} …")
        try:
            yield ticker.report
        finally:
            ticker.stop()
        say(f"{head}: done, {ticker.seconds()} s")


class _Ticker:
    """Shows that a long step is alive."""

    def __init__(self, head):
        self._head = head
        self._begin = time.monotonic()
        self._text = ""
        self._stop = threading.Event()
        self._terminal = sys.stdout.isatty()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def seconds(self):
        return round(time.monotonic() - self._begin)

    def report(self, text):
        self._text = text or self._text

    def stop(self):
        self._stop.set()
        self._thread.join()
        if self._terminal:
            print("\r\033[K", end="", flush=True)

    def _run(self):
        while not self._stop.wait(1 if self._terminal else 20):
            text = f"{self._head} … {self._text} {self.seconds()} s".replace("  ", " ")
            if self._terminal:
                width = os.get_terminal_size().columns - 1
                print(f"\r\033[K{text[:width]}", end="", flush=True)
            else:
                say(text)
