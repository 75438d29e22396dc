"""The process that runs scripts: one JSON line in, one JSON line out, nothing else within reach.

It is started by :mod:`.process` as a file of its own, so that it imports the engine and the
standard library only. Each script runs in a copy of a prepared context (a forked process, where the
system has them), so that none sees another's traces. The engine's own limits end loops and memory
bombs; what they cannot interrupt (a loop inside a built-in function) ends with its process.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

MEMORY = 256 * 1024 * 1024  # bytes a script may use
ADDRESS_SPACE = 1024 * 1024 * 1024  # bytes the process may use
STACK = 512 * 1024
_MOST_TIMER_ROUNDS = 20
_FIRST_LINE = 200_000


class Prepared:
    """A context with the world in it, not used by any script yet."""

    def __init__(self) -> None:
        import quickjs

        self.context = quickjs.Context()
        self.context.set_memory_limit(MEMORY)
        self.context.set_max_stack_size(STACK)
        # Far down, so that the lines of a stack tell the runtime's from the script's.
        self.context.eval("\n" * _FIRST_LINE + runtime())
        self.start = self.context.eval("nt.start")
        self.run_timers = self.context.eval("nt.runTimers")
        self.finish = self.context.eval("nt.finish")


def runtime() -> str:
    """The JavaScript that makes the world a script sees, in order."""
    folder = Path(__file__).parent / "runtime"
    return "\n".join(each.read_text("utf-8") for each in sorted(folder.glob("*.js")))


def run(prepared: Prepared, text: str, seconds: float) -> dict[str, Any]:
    """Run one script; give its report, or why it was stopped. Uses the context up."""
    import quickjs

    context = prepared.context
    deadline = time.process_time() + seconds

    def limited(call: Any, *arguments: str) -> Any:
        left = deadline - time.process_time()
        if left <= 0:
            raise TimeoutError
        context.set_time_limit(left)
        return call(*arguments)

    try:
        limited(prepared.start, text)
        for _ in range(_MOST_TIMER_ROUNDS):
            while limited(context.execute_pending_job):
                pass
            if not limited(prepared.run_timers):
                break
        return {"report": str(limited(prepared.finish))}
    except TimeoutError:
        return {"stopped": "time"}
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        first = str(error).split("\n", 1)[0]
        if "interrupted" in first:
            # What was asked before the time ran out can still be answered for the next run.
            return {"stopped": "time", "report": _last_words(prepared)}
        return {"stopped": "memory" if "memory" in first else "error", "message": first}
    except (UnicodeError, ValueError, TypeError) as error:
        return {"stopped": "error", "message": str(error)}


def _last_words(prepared: Prepared) -> str:
    try:
        prepared.context.set_time_limit(0.1)
        return str(prepared.finish())
    except Exception:
        return ""


def run_in_copy(prepared: Prepared, text: str, seconds: float) -> dict[str, Any]:
    """Run a script in a copy of this process; give its answer and the processor time it used."""
    import signal

    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _limit_processor(seconds)
            answer = json.dumps(run(prepared, text, seconds)).encode()
            with os.fdopen(outlet, "wb") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as pipe:
        answer = pipe.read()
    _, status, usage = os.wait4(child, 0)
    used = usage.ru_utime + usage.ru_stime
    if os.WIFEXITED(status) and answer:
        return {**json.loads(answer), "used": used}
    # Ended from without: by the limit on processor time, or for want of memory.
    limits = (signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL)
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in limits
    return {"stopped": "time" if late else "memory", "used": used}


def _limit_processor(seconds: float) -> None:
    """End this process when its processor time is over, whatever it is doing then."""
    import resource
    import signal

    # A little later than the engine's own limit, which can still tell what the script had asked.
    signal.setitimer(signal.ITIMER_PROF, seconds + 0.1)
    whole = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    except (ImportError, ValueError, OSError):
        pass  # not on this system; the engine's own limit remains


def main() -> None:
    """Answer requests until the input ends."""
    _limit_memory()
    prepared = Prepared()
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if hasattr(os, "fork"):
            answer = run_in_copy(prepared, message["input"], message["seconds"])
        else:
            started = time.process_time()
            answer = run(prepared, message["input"], message["seconds"])
            answer["used"] = time.process_time() - started
            prepared = Prepared()
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    # The folder that holds the engine's package; -I hides it where it is not the default one.
    sys.path.append(sys.argv[1])
    main()
