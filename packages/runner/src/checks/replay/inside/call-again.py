"""Calls recorded functions again in a bare process, behind plain-values.py: no test runner, nothing of ours is loaded before. The job comes on standard
input and the outcomes go to descriptor 3, each behind a word. It uses its own copies of what it needs. The syntax is that of Python 3.8."""


def _shift_clock(seconds):
    """Everything of Python's own that says what time it is says another time. Returns what lets more time pass."""
    import datetime
    import sys
    import time

    shift = [seconds]

    class Clock:
        """No function, so that it is no method where a class has it as an attribute."""

        def __init__(self, name, tell):
            self.__name__, self.tell = name, tell

        def __call__(self, *given):
            return self.tell(*given)

    def replace(name, tell):
        if hasattr(time, name):
            real = getattr(time, name)
            setattr(time, name, Clock(name, lambda *given: tell(real, *given)))

    for name in ("time", "monotonic", "perf_counter"):
        replace(name, lambda real: real() + shift[0])
        replace(name + "_ns", lambda real: real() + shift[0] * 10**9)
    used = {getattr(time, name, None) for name in ("CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID")}
    replace("clock_gettime", lambda real, clock: real(clock) + (0 if clock in used else shift[0]))
    replace("clock_gettime_ns", lambda real, clock: real(clock) + (0 if clock in used else shift[0]) * 10**9)
    for name in ("localtime", "gmtime", "ctime"):
        replace(name, lambda real, at=None: real(time.time() if at is None else at))
    replace("asctime", lambda real, at=None: real(time.localtime() if at is None else at))
    replace("strftime", lambda real, form, at=None: real(form, time.localtime() if at is None else at))

    def kind(real):
        class Kind(type):
            def __instancecheck__(cls, value):
                return isinstance(value, real) if cls is module[real] else type.__instancecheck__(cls, value)

            def __subclasscheck__(cls, other):
                return issubclass(other, real) if cls is module[real] else type.__subclasscheck__(cls, other)

        return Kind

    module = {}
    real_date, real_datetime, utc = datetime.date, datetime.datetime, datetime.timezone.utc

    class date(real_date, metaclass=kind(real_date)):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(time.time())

    class datetime_(real_datetime, metaclass=kind(real_datetime)):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def today(cls):
            return cls.fromtimestamp(time.time())

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(time.time(), utc).replace(tzinfo=None)

    for real, shifted in ((real_date, date), (real_datetime, datetime_)):
        module[real] = shifted
        shifted.__name__ = shifted.__qualname__ = real.__name__
        shifted.__module__ = "datetime"
        for holder in ("datetime", "_datetime"):
            if holder in sys.modules:
                setattr(sys.modules[holder], real.__name__, shifted)

    def pass_time(more):
        shift[0] += more

    return pass_time


def _call_again(plain_values):
    import importlib
    import importlib.util
    import json
    import os
    import sys
    import time

    elapsed, started = time.monotonic, time.monotonic()
    write, leave, join, real_path = os.write, os._exit, os.path.join, os.path.realpath
    is_file, quoted, modules, path_list = os.path.isfile, json.dumps, sys.modules, sys.path
    patience_seconds, day_seconds = 1, 24 * 60 * 60
    never = object()

    job = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    word, root = job["word"], job["root"]
    values = plain_values(root, job["toldMax"], job["tested"])
    pass_time = _shift_clock(job["shiftMs"] // 1000) if job["shiftMs"] != 0 else lambda more: None
    import inspect

    os.environ.pop("PYTHONHASHSEED", None)
    usual_path = path_list[1:]
    loaded = {}

    def tell(call, count, outcome):
        write(3, ("%s %d %d %s\n" % (word, call["id"], count, quoted(outcome))).encode("ascii"))

    def name_of(path, module):
        """The name to import a file by, and the folder that this name starts in."""
        parts = path[:-3].split("/")
        if parts[-1] == "__init__":
            parts = parts[:-1]
        wanted = (module or "").split(".")
        at = len(parts) - len(wanted)
        if at < 0 or parts[at:] != wanted:
            at = len(parts) - 1
            while at > 0 and is_file(join(root, *parts[:at], "__init__.py")):
                at -= 1
        return ".".join(parts[at:]), join(root, *parts[:at])

    def load(path):
        about = job["imports"].get(path, {})
        name, folder = name_of(path, about.get("module"))
        path_list[:] = [folder] + [join(root, one) for one in about.get("paths", [])] + usual_path
        importlib.invalidate_caches()
        file = join(root, path)
        try:
            found = importlib.import_module(name)
            if real_path(getattr(found, "__file__", None) or "") != real_path(file):
                spec = importlib.util.spec_from_file_location(name, file)
                found = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(found)
            return found, None
        except BaseException as error:
            return None, "l" + values.error(error)[1:]
        finally:
            # What is remembered of the time of loading is old when the calls come.
            pass_time(day_seconds)

    def forget():
        loaded.clear()
        for name, module in list(modules.items()):
            file = getattr(module, "__file__", None) or ""
            if file.startswith(root + "/") and "/site-packages/" not in file:
                del modules[name]

    def module_at(path):
        file = join(root, path)
        found = [module for module in list(modules.values()) if getattr(module, "__file__", None) == file]
        return found[0] if found else load(path)[0]

    values.module_at = module_at

    def function_of(module, name):
        found = module
        for part in name.split("."):
            found = getattr(found, part, None)
        return found

    def settled(function, value):
        """What a call gives in the end, and what tells it again; None if nothing can."""
        if inspect.iscoroutinefunction(function):
            import asyncio

            async def wait():
                task = asyncio.ensure_future(value)
                return task.result() if (await asyncio.wait({task}, timeout=patience_seconds))[0] else never

            value = asyncio.run(wait())
            if value is never:
                return "xunsettled", None
        if not isinstance(value, values.lazy):
            return "v" + values.show(value), lambda: "v" + values.show(value)
        shown = []
        for item in value:
            if len(shown) == values.items_max:
                shown.append('["x","more"]')
                break
            shown.append(values.show(item))
        return "g[%s]" % ",".join(shown), None

    def final(outcome):
        """An outcome that nothing changes any more."""
        return outcome, lambda: outcome

    def outcome_of(call):
        """How a call ended, and what tells the same again later, when other calls may have changed what it gave."""
        if call["path"] not in loaded:
            loaded[call["path"]] = load(call["path"])
        module, failure = loaded[call["path"]]
        if module is None:
            return final(failure)
        function = function_of(module, call["name"])
        if not callable(function):
            return final("lnot exported")
        try:
            given = values.decode(call["input"])
        except BaseException as error:
            return final("lnot made: " + values.error(error)[1:])
        # Their text, which varied arguments need not be written in.
        before = values.show(given, True)
        try:
            text, text_now = settled(function, function(*given[0], **given[1]))
        except BaseException as error:
            return final(values.ended(values.error(error), given, before))
        told = values.ended(text, given, before)
        return final(told) if text_now is None else (told, lambda: values.ended(text_now(), given, before))

    group = None

    def outcome_at(at):
        nonlocal group
        call = job["calls"][at]
        if call["group"] != group:
            group = call["group"]
            forget()
        return outcome_of(call)

    def repeat(at):
        """Tells the first other outcome, or that there was none: as many equal ones would be too much to tell. Returns what tells the first of these outcomes again; None if there is none."""
        call, kept = job["calls"][at], None
        for count in range(2, job["times"] + 1):
            if (elapsed() - started) * 1000 > job["repeatMs"]:
                return kept
            outcome, outcome_now = outcome_at(at)
            if outcome != first[at]:
                tell(call, count, outcome)
                return None
            kept = kept or outcome_now
        write(3, ("%s %d done\n" % (word, call["id"])).encode("ascii"))
        return kept

    first = []
    for at, call in enumerate(job["calls"]):
        first.append(outcome_at(at)[0])
        tell(call, 1, first[at])
    kept = [(at, repeat(at)) for at in job["repeated"]]
    # What a call gave should still be the same after all others.
    for at, outcome_now in kept:
        if outcome_now is None:
            continue
        now = outcome_now()
        if now == first[at]:
            write(3, ("%s %d kept\n" % (word, job["calls"][at]["id"])).encode("ascii"))
        else:
            tell(job["calls"][at], 0, now)
    write(3, ("%s end\n" % word).encode("ascii"))
    leave(0)


_call_again(_plain_values)  # noqa: F821
