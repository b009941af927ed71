"""`python -m tests.e2e.kill.nursery SOCKET`: has imported the bot once and forks it whenever it is asked to.

To import it is most of what a start costs. A forked process runs, is killed and ends as one that was started from
nothing. Who asks sends how to run it, as a line of JSON, and is answered its number and, when it has ended, its code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import runpy
import selectors
import signal
import socket
import sys
import traceback
from typing import Any, NoReturn

PRELOADED = ("uvloop", "bot.cli", "bot.logging", "bot.application", "sqlalchemy.dialects.sqlite.aiosqlite")


class Nursery:
    """Forks, and tells who asked how it ended."""

    def __init__(self, listener: socket.socket) -> None:
        """Wait on `listener` for who asks."""
        self._listener = listener
        self._asked: dict[int, socket.socket] = {}
        self._bell, struck = socket.socketpair()
        struck.setblocking(False)
        self._struck = struck
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(struck.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Fork until the input ends, then end whatever still runs."""
        with selectors.DefaultSelector() as ready:
            for source in (self._listener, self._bell, sys.stdin):
                ready.register(source, selectors.EVENT_READ)
            while True:
                sources = {key.fileobj for key, _ in ready.select()}
                if self._bell in sources:
                    self._bell.recv(4096)
                    self._reap()
                if self._listener in sources:
                    self._fork()
                if sys.stdin in sources:
                    break
        for pid in self._asked:
            os.kill(pid, signal.SIGKILL)

    def _fork(self) -> None:
        asked, _ = self._listener.accept()
        how = json.loads(asked.makefile().readline())
        pid = os.fork()
        if pid == 0:
            self._leave()
            run(**how)
        self._asked[pid] = asked
        asked.sendall(f"{pid}\n".encode())

    def _leave(self) -> None:
        """Let go, in the child, of what is the nursery's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (self._listener, self._bell, self._struck, *self._asked.values()):
            one.close()

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                asked = self._asked.pop(ended[0])
                with contextlib.suppress(OSError), asked:
                    asked.sendall(f"{os.waitstatus_to_exitcode(ended[1])}\n".encode())


def run(module: str, cwd: str, env: dict[str, str], log: str) -> NoReturn:
    """Run `python -m module run` in this process, and end it."""
    random.seed()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    opened = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(opened, number)
    sys.argv = [module, "run"]
    code: Any = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


def main() -> None:
    """Import the bot, then fork."""
    for name in PRELOADED:
        importlib.import_module(name)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        print("ready", flush=True)  # noqa: T201 - whoever started it waits for this
        Nursery(listener).serve()


if __name__ == "__main__":
    main()
