"""Starts one bare process per surroundings, one after the other, and prints what each told, where no Node does it. It loads no code of the repository."""
import json
import os
import selectors
import signal
import subprocess
import sys
import time

TOLD_BYTES_MAX = 4 * 1024 * 1024


def told_by(run, nothing, timeout_seconds):
    given, told = os.pipe(), os.pipe()
    os.dup2(told[1], 3, inheritable=True)
    child = subprocess.Popen(
        ([sys.executable] if run["language"] == "python" else []) + [run["program"]] + run["words"],
        cwd=run["cwd"],
        env=run["environment"],
        stdin=given[0],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(3,),
        start_new_session=True,
    )
    os.dup2(nothing, 3)
    os.close(given[0])
    os.close(told[1])
    os.set_blocking(given[1], False)
    text, todo, end = b"", json.dumps(run["job"]).encode("ascii"), time.monotonic() + timeout_seconds
    with selectors.DefaultSelector() as ready:
        ready.register(told[0], selectors.EVENT_READ)
        ready.register(given[1], selectors.EVENT_WRITE)
        while len(text) <= TOLD_BYTES_MAX and time.monotonic() < end:
            for key, _events in ready.select(0.1):
                if key.fd == told[0]:
                    piece = os.read(told[0], 65536)
                    text += piece
                    end = end if piece else 0
                    continue
                try:
                    todo = todo[os.write(given[1], todo) :]
                except BrokenPipeError:
                    todo = b""
                if not todo:
                    ready.unregister(given[1])
                    os.close(given[1])
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    os.close(told[0])
    if todo:
        os.close(given[1])
    return text.decode("utf-8", "replace")


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    # The code under test must not read what it will be asked.
    os.unlink(path)
    os.unlink(__file__)
    # Descriptor 3 is the one that outcomes are told on: no pipe of ours may get it.
    nothing = os.open("/dev/null", os.O_RDONLY)
    while nothing <= 3:
        nothing = os.dup(nothing)
    os.dup2(nothing, 3)
    for run in job["runs"]:
        os.makedirs(run["cwd"], exist_ok=True)
        for line in told_by(run, nothing, run["timeoutMs"] / 1000).split("\n"):
            if line.startswith(run["job"]["word"] + " "):
                print(run["name"], line, flush=True)
        print(run["name"], run["job"]["word"], "over", flush=True)


main()
