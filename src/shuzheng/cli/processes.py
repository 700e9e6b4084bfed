"""Several programs in one terminal: started together, restarted when they fall over, stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

#: Seconds before a program that fell over starts again: doubled each time, forgotten after a minute of peace.
FIRST_PAUSE, LONGEST_PAUSE, PEACE = 0.5, 30.0, 60.0
#: Seconds in which a program may finish what it has in hand.
GRACE = 30.0
TICK = 0.1
TICKS_A_WATCH = 10
PARENT_DEATH_SIGNAL = 1


@dataclass
class Program:
    """One program under supervision."""

    #: Short name that stands before each of its lines.
    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    #: When to start it (again).
    due: float = 0.0


@dataclass
class Supervisor:
    """Keeps programs running until it is told to stop."""

    programs: list[Program]
    #: Prints a program's line: (name, line).
    show: Callable[[str, str], None]
    #: Looks after what the programs need; called about once a second.
    watch: Callable[[], None] = lambda: None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, then let every program finish and return."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            ticks = 0
            while not self._stopping.wait(TICK):
                ticks += 1
                if ticks % TICKS_A_WATCH == 0:
                    self.watch()
                for program in self.programs:
                    self._tend(program)
        finally:
            self._stop()

    def _tend(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is None:
            if now >= program.due:
                self._start(program)
            return
        code = program.process.poll()
        if code is None:
            if now - program.started > PEACE:
                program.pause = FIRST_PAUSE
            return
        _end_group(program.process)
        program.process = None
        program.due = now + program.pause
        self.show(program.name, f"{_ending(code)}; starts again in {program.pause:.1f} s")
        program.pause = min(2 * program.pause, LONGEST_PAUSE)

    def _start(self, program: Program) -> None:
        program.started = time.monotonic()
        program.process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            bufsize=1,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in order
            preexec_fn=_die_with_parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        threading.Thread(target=self._relay, args=(program.name, program.process), daemon=True).start()

    def _relay(self, name: str, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.show(name, line.rstrip())

    def _stop(self) -> None:
        running = [program.process for program in self.programs if program.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _end_group(process)


def _die_with_parent() -> None:
    """Have the kernel stop a program whose supervisor was killed, so that no orphan holds its port (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _end_group(process: subprocess.Popen[str]) -> None:
    """End what a program left behind: a killed web master's workers would go on answering on its port."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
