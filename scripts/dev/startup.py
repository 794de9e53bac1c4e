"""Times starts of the program beside those of others. Run by `bench`, whose rows it prints.

startup.py PROGRAM HOME RUNS
"""

import os
import pty
import select
import signal
import statistics
import sys
import termios
import time

PROGRAM, HOME, RUNS = sys.argv[1], sys.argv[2], int(sys.argv[3])
SILENT = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]


def run(command):
    """Milliseconds from start to end."""
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=SILENT)
    _, status = os.waitpid(child, 0)
    took = (time.perf_counter() - start) * 1000
    if status != 0:
        sys.exit(f"{' '.join(command)} failed")
    return took


def prompt(command, text):
    """Milliseconds from start to the prompt on a terminal, and the resident memory then in MiB."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    seen = b""
    while text not in seen:
        if not select.select([terminal], [], [], 10)[0]:
            sys.exit(f"no prompt: {seen!r}")
        seen += os.read(terminal, 4096)
    took = (time.perf_counter() - start) * 1000
    time.sleep(0.02)
    with open(f"/proc/{child}/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    return took, memory / 1024


class Console:
    """The console on a terminal, at its first prompt."""

    def __init__(self, command):
        self.number, self.seen = 1, b""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execv(command[0], command)
        self.wait(b"1>")

    def wait(self, text):
        while text not in self.seen:
            if not select.select([self.terminal], [], [], 10)[0]:
                sys.exit(f"waited for {text!r}, saw {self.seen!r}")
            self.seen += os.read(self.terminal, 4096)
        self.seen = self.seen.split(text, 1)[1]

    def interrupt(self, line):
        """Milliseconds from Ctrl-C to the next prompt while `line` runs."""
        os.write(self.terminal, line + b"\r")
        # It runs when keys are signals again, which the editor switched off.
        while not termios.tcgetattr(self.terminal)[3] & termios.ISIG:
            time.sleep(0.002)
        time.sleep(0.05)
        start = time.perf_counter()
        os.write(self.terminal, b"\x03")
        self.number += 1
        self.wait(b"%d>" % self.number)
        return (time.perf_counter() - start) * 1000

    def end(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.terminal)


def interrupted(runs):
    """Rows for Ctrl-C: in a computation, in a wait, in many waits at once."""
    console = Console([PROGRAM])
    lines = {
        "an endless loop": b"loop {}",
        "sleep(60)": b"sleep(60)",
        "parallel over 64 sleeps": b"parallel(items, |x| sleep(60), #{limit: 64})",
    }
    os.write(console.terminal, b"let items = []; items.pad(64, 0);\r")
    console.number += 1
    console.wait(b"2>")
    for name, line in lines.items():
        took = [console.interrupt(line) for _ in range(max(5, runs // 6))]
        row(f"Ctrl-C in {name} to the next prompt", "100 ms", "ms", took)
    console.end()


def row(figure, target, unit, values, remark=""):
    print(
        figure,
        target,
        f"{statistics.median(values):.2f} {unit}",
        f"{min(values):.2f}",
        f"{max(values):.2f}",
        remark,
        sep="\t",
    )


def main():
    os.chdir(HOME)
    # The configuration's own cache; named so that a wrong find would fail the run.
    evaluate = [PROGRAM, "--config", f"{HOME}/dingraia.toml", "eval", "1+1"]
    names = ("true", "python", "eval", "prompt", "python prompt")
    took = {name: [] for name in names}
    memory = []
    # One after the other: what disturbs the machine disturbs all of them.
    for _ in range(RUNS):
        took["true"].append(run(["/bin/true"]))
        took["python"].append(run([sys.executable, "-c", "pass"]))
        took["eval"].append(run(evaluate))
        ready, resident = prompt([PROGRAM], b"1>")
        took["prompt"].append(ready)
        memory.append(resident)
        took["python prompt"].append(prompt([sys.executable, "-q"], b">>> ")[0])
    python = statistics.median(took["python"]), statistics.median(took["python prompt"])
    row("/bin/true", "", "ms", took["true"])
    row("python3 -c pass", "", "ms", took["python"])
    mine = statistics.median(took["eval"])
    row("dingraia eval '1+1'", "6 ms", "ms", took["eval"], f"{mine / python[0]:.2f} of python3 -c pass")
    row("python3 -q to its prompt", "", "ms", took["python prompt"])
    mine = statistics.median(took["prompt"])
    row("dingraia to its prompt", "12 ms", "ms", took["prompt"], f"{mine / python[1]:.2f} of python3 -q")
    row("resident memory at the prompt", "20 MiB", "MiB", memory)
    interrupted(RUNS)


main()
