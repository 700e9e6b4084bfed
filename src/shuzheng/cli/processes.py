"""Several programs in one terminal: started together, restarted when they fall over, stopped in order."""

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
#: Falls without a minute of peace between them that make a crash loop.
LOOP = 3
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
    #: When all are stopped, those of a lower stage go first.
    stage: int = 0
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    #: When to start it (again).
    due: float = 0.0
    #: Falls since the last minute of peace.
    falls: int = 0
    #: When it was told to finish for good, in monotonic seconds.
    retired: float | None = None


@dataclass
class Supervisor:
    """Keeps programs running until it is told to stop."""

    programs: list[Program]
    #: Prints a program's line: (name, line).
    show: Callable[[str, str], None]
    #: Looks after what the programs need; called about once a second.
    watch: Callable[[], None] = lambda: None
    #: Told of a program caught in a crash loop (True), and of one that is out of it again (False).
    trouble: Callable[[Program, bool], None] = lambda program, begins: None
    #: Called once when everything is to stop, before it does.
    closing: Callable[[], None] = lambda: None
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
                for program in list(self.programs):
                    self._tend(program)
        finally:
            self.closing()
            self._stop()

    def add(self, program: Program) -> None:
        """Supervise another program from the next tick on."""
        self.programs.append(program)

    def retire(self, name: str) -> None:
        """Let a program finish what it has in hand, and start it no more."""
        for program in self.programs:
            if program.name == name and program.retired is None:
                program.retired = time.monotonic()
                if program.process is not None:
                    program.process.terminate()

    def running(self) -> list[Program]:
        """Return the programs that are to run, those on their way out left aside."""
        return [program for program in self.programs if program.retired is None]

    def _tend(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is None:
            if program.retired is not None:
                self.programs.remove(program)
            elif now >= program.due:
                self._start(program)
            return
        code = program.process.poll()
        if code is None:
            self._wait_for(program, now)
        else:
            self._bury(program, code, now)

    def _wait_for(self, program: Program, now: float) -> None:
        """Forgive a program its falls after a time of peace; end one that was retired and does not go."""
        if program.retired is not None and now - program.retired > GRACE and program.process is not None:
            program.process.kill()
        elif program.falls and now - program.started > PEACE:
            if program.falls >= LOOP:
                self.trouble(program, False)
            program.pause, program.falls = FIRST_PAUSE, 0

    def _bury(self, program: Program, code: int, now: float) -> None:
        assert program.process is not None
        _end_group(program.process)
        program.process = None
        if program.retired is not None:
            self.programs.remove(program)
            self.show(program.name, f"{_ending(code)}; retired")
            return
        program.due = now + program.pause
        program.falls += 1
        self.show(program.name, f"{_ending(code)}; starts again in {program.pause:.1f} s")
        program.pause = min(2 * program.pause, LONGEST_PAUSE)
        if program.falls == LOOP:
            self.trouble(program, True)

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
            preexec_fn=_prepare,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        threading.Thread(target=self._relay, args=(program.name, program.process), daemon=True).start()

    def _relay(self, name: str, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self.show(name, line.rstrip())

    def _stop(self) -> None:
        """Stop stage after stage, all within the grace: first what takes requests, then what works, then what serves them."""
        deadline = time.monotonic() + GRACE
        for stage in sorted({program.stage for program in self.programs}):
            running = [p.process for p in self.programs if p.stage == stage and p.process is not None]
            for process in running:
                if process.poll() is None:
                    process.terminate()
            for process in running:
                try:
                    process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                _end_group(process)


def _prepare() -> None:
    """Have the kernel stop a program whose supervisor was killed, so that no orphan holds its port (Linux).

    A hang-up means "look how many there should be"; before a program can listen to it, it means nothing.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _end_group(process: subprocess.Popen[str]) -> None:
    """End what a program left behind: a killed web master's workers would go on answering on its port."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
