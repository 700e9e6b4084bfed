"""The web server whose number of processes can be changed while it runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from granian.server.mp import MPServer

#: Seconds in which a process that is given up may answer what it has taken.
DRAIN = 20


class ElasticServer(MPServer):
    """Granian that looks into a file for how many processes it should have, when it starts and at every SIGHUP.

    All of them listen on one socket, so that one which is given up answers what it took and drops nothing that waits.
    """

    #: Holds the number; where there is no such file, what the server was started with counts.
    size_file: Path

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        self.workers = self._size()
        super()._spawn_workers(spawn_target, target_loader)

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        """Add processes, or give some up, until there are as many as the file says."""
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        wanted = self._size()
        while len(self.wrks) < wanted:
            worker = self._spawn_worker(len(self.wrks), spawn_target, target_loader)
            worker.start()
            self.wrks.append(worker)
        leaving = self.wrks[wanted:]
        del self.wrks[wanted:]
        self.workers = wanted
        self.interrupt_children[:] = [number for number in self.interrupt_children if number < wanted]
        for worker in leaving:
            worker.terminate()
        deadline = time.monotonic() + DRAIN
        for worker in leaving:
            worker.join(max(0.001, deadline - time.monotonic()))
            if worker.is_alive():
                worker.kill()
                worker.join()

    def _size(self) -> int:
        try:
            return max(1, int(self.size_file.read_text()))
        except (OSError, ValueError):
            return self.workers
