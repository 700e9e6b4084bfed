"""Lets ``shuzheng up`` obey the scaling decisions: asks for them in a thread of its own, acts in the supervisor's."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from shuzheng.cli.elastic import HOLD, Bounds, Extra, Plan, Steady, plan
from shuzheng.cli.processes import LONGEST_PAUSE, Program, Supervisor
from shuzheng.cli.site import set_up
from shuzheng.engines.resources.demand import Incident

#: Seconds between two looks at the decisions, which are renewed every minute.
PAUSE = 5.0
#: Incidents kept while the database is away; older ones are let go.
MOST_KEPT = 200
#: Stages in which programs are stopped: the web, the workers, what stands in for the world outside.
WEB, WORKER, SANDBOX = range(3)


@dataclass
class Director:
    """Turns what services demand into processes of a supervisor, and reports what was done."""

    supervisor: Supervisor
    bounds: Bounds
    #: File in which the web reads how many processes it should have.
    size_file: Path
    #: Returns the command of an additional worker.
    command: Callable[[Extra], list[str]]
    hold: float = HOLD
    pause: float = PAUSE
    _steady: Steady = field(init=False)
    #: The last plan; ``None`` when nothing new is known, and everything stays as it is.
    _wanted: Plan | None = None
    _incidents: deque[Incident] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    _stopping: threading.Event = field(default_factory=threading.Event)
    _asking: threading.Thread | None = None

    def __post_init__(self) -> None:
        """Begin with the least; connect to the supervisor."""
        self._steady = Steady(Plan(self.bounds.least_web), self.hold)
        self.size_file.unlink(missing_ok=True)
        self.supervisor.trouble, self.supervisor.closing = self.on_trouble, self.stop

    def start(self) -> None:
        """Begin to ask."""
        self._asking = threading.Thread(target=self._ask, daemon=True, name="director")
        self._asking.start()

    def stop(self) -> None:
        """Ask no more; what was not reported yet is lost with the process, so it is given a moment."""
        self._stopping.set()
        if self._asking is not None:
            self._asking.join(2)

    def act(self) -> None:
        """Bring the processes to the plan; called by the supervisor about once a second."""
        if self._wanted is None or self._stopping.is_set():
            return
        before = self._steady.plan
        after = self._steady.follow(self._wanted, time.monotonic(), self.bounds.most_workers)
        self._resize_web(before, after)
        old, new = ({extra.name: extra for extra in made.extras} for made in (before, after))
        for name in new.keys() - old.keys():
            self.supervisor.add(Program(name, self.command(new[name]), WORKER))
            self._report("added", name, new[name].reason)
        for name in old.keys() - new.keys():
            self.supervisor.retire(name)
            self._report("retired", name)

    def on_trouble(self, program: Program, begins: bool) -> None:
        """Report that a program is caught in a crash loop, or out of it again."""
        reason = f"> {program.falls} × · {LONGEST_PAUSE:.0f} s" if begins else ""
        self._report("crash-loop" if begins else "recovered", program.name, reason)

    def _resize_web(self, before: Plan, after: Plan) -> None:
        if after.web == before.web:
            return
        self.size_file.parent.mkdir(parents=True, exist_ok=True)
        self.size_file.write_text(str(after.web))
        for program in self.supervisor.running():
            if program.stage == WEB and program.process is not None and program.process.poll() is None:
                os.kill(program.process.pid, signal.SIGHUP)
        self._report("added" if after.web > before.web else "retired", "web", after.reason)

    def _report(self, kind: str, program: str, reason: str = "") -> None:
        now = self._steady.plan
        self.supervisor.show("up", f"{kind} {program}: {now.web} web, {now.workers} workers {reason}".rstrip())
        self._incidents.append(Incident(kind, program, now.web, now.workers, reason[:400]))

    def _ask(self) -> None:
        """Ask and report, again and again; whatever goes wrong, the processes stay as they are."""
        try:
            direction = _direction()
        except Exception as error:
            self.supervisor.show("up", f"no scaling: {error}")
            return
        while not self._stopping.wait(self.pause):
            self._once(direction)
        self._once(direction)

    def _once(self, direction: Any) -> None:
        from django.db import close_old_connections

        try:
            demands = direction.demands()
            if demands is not None:
                self._wanted = plan(demands, self.bounds)
            waiting = list(self._incidents)
            if waiting:
                direction.note(waiting)
                for _incident in waiting:
                    self._incidents.popleft()
        except Exception as error:
            self.supervisor.show("up", f"scaling holds: {type(error).__name__}")
        finally:
            close_old_connections()


def _direction() -> Any:
    """Return the module that knows the decisions: ``demands()`` and ``note(incidents)``."""
    set_up()
    from django.conf import settings

    return import_module(settings.SHUZHENG_SCALING_OF)


def worker_command(extra: Extra, concurrency: int) -> list[str]:
    """Return the command of a worker for the queues of one service."""
    queues = [f"--queue={queue}" for queue in extra.queues]
    return [sys.executable, "-m", "shuzheng.cli", "worker", f"--concurrency={concurrency}", *queues]
