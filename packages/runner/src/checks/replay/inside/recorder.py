"""Appended to a file of the code under test, behind plain-values.py: records the plain calls of the functions that the file defines, and of its classes'
methods. MODULE: the file's names; TARGET: the file that records are appended to; PATH: of this file in the repository. A failure here
changes no call. The run's results are not used."""


def _record(module, target, path, plain_values):
    import _thread
    import functools
    import inspect
    import json
    import os
    import sys
    import types

    calls_max = 200
    file = os.path.abspath(module.get("__file__") or "")
    if not file.endswith("/" + path):
        return
    root, own = file[: -len(path) - 1], module.get("__name__")
    values = plain_values(root)
    busy = _thread._local()
    cached = type(functools.lru_cache()(len))

    def write(*fields):
        try:
            line = json.dumps((str(os.getpid()), path) + fields) + "\n"
            descriptor = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(descriptor, line.encode("ascii"))
            finally:
                os.close(descriptor)
        except Exception:
            pass  # What is missing can't be called again.

    def surroundings():
        environment = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
        clock = [getattr(sys.modules.get(name), name, None) for name in ("time", "datetime")]
        return environment, os.getcwd(), clock

    def was_set_up():
        """Whether tests have replaced something that a bare process has as it is."""
        try:
            return len(patched) > 0 or surroundings() != usual
        except OSError:
            return True

    def recorded(name, real, receiver=None):
        code = getattr(real.__wrapped__ if isinstance(real, cached) else real, "__code__", None)
        names = getattr(code, "co_names", ())
        # Its caller would be the recorder. A helper that looks further up is not recognized. In new code, either asks.
        if "_getframe" in names or ("inspect" in names and ("currentframe" in names or "stack" in names)):
            return real
        count = [0]

        def begin(given, named):
            """The arguments as they are before the call; None if the call comes from a recorded one, False if the function has enough calls."""
            if getattr(busy, "depth", 0) > 0:
                return None
            if count[0] == calls_max:
                return False
            count[0] += 1
            if receiver is not None:
                if not given or given[0] is not receiver:
                    return None
                given = given[1:]
            try:
                before = values.encode([list(given), named])
            except Exception:
                before = None
            return given, named, before, was_set_up()

        def end(begun, text):
            if not begun:
                return
            given, named, before, is_set_up = begun
            write(name, before, values.ended(text, [list(given), named], before), is_set_up)

        def told(begun, items):
            """Passes on what is sent to a generator or thrown into it; one that gets something is not called again."""
            shown, is_alone = [], True
            advance = functools.partial(next, items)
            while True:
                try:
                    item = advance()
                except StopIteration as stop:
                    is_whole = is_alone and len(shown) < values.items_max
                    end(begun if is_whole else begun[:2] + (None, False), "g[%s]" % ",".join(shown))
                    return stop.value
                if len(shown) < values.items_max:
                    shown.append(values.show(item))
                try:
                    sent = yield item
                except GeneratorExit:
                    if hasattr(items, "close"):
                        items.close()
                    raise
                except BaseException as error:
                    if not hasattr(items, "throw"):
                        raise
                    is_alone, advance = False, functools.partial(items.throw, error)
                else:
                    is_alone = is_alone and sent is None
                    advance = functools.partial(next, items) if sent is None else functools.partial(items.send, sent)

        @functools.wraps(real)
        def call(*given, **named):
            begun = begin(given, named)
            if begun is None:
                return real(*given, **named)
            busy.depth = 1
            try:
                value = real(*given, **named)
            except BaseException as error:
                end(begun, values.error(error))
                raise
            finally:
                busy.depth = 0
            if begun and isinstance(value, values.lazy):
                return told(begun, value)
            end(begun, "v" + values.show(value))
            return value

        @functools.wraps(real)
        async def wait(*given, **named):
            begun = begin(given, named)
            try:
                value = await real(*given, **named)
            except BaseException as error:
                end(begun, values.error(error))
                raise
            end(begun, "v" + values.show(value))
            return value

        made = wait if inspect.iscoroutinefunction(real) else call
        for extra in ("cache_clear", "cache_info", "cache_parameters"):
            if hasattr(real, extra):
                setattr(made, extra, getattr(real, extra))
        if "_" not in (name[0], name[name.find(".") + 1]):
            write(name)
        return made

    def place(entry):
        entry = os.path.abspath(entry)
        return entry[len(root) + 1 :] if (entry + "/").startswith(root + "/") else None

    places = [place(entry) for entry in sys.path]
    write({"module": own, "paths": [one for one in places if one is not None]})
    patched = _patches(sys)
    usual = surroundings()
    for name, value in list(module.items()):
        if name.startswith("__") or getattr(value, "__module__", None) != own:
            continue
        if isinstance(value, (types.FunctionType, cached)):
            module[name] = recorded(name, value)
        elif isinstance(value, type):
            for inner, method in list(value.__dict__.items()):
                if inner.startswith("__"):
                    continue
                full = "%s.%s" % (name, inner)
                if isinstance(method, staticmethod):
                    setattr(value, inner, staticmethod(recorded(full, method.__func__)))
                elif isinstance(method, classmethod):
                    setattr(value, inner, classmethod(recorded(full, method.__func__, value)))
                elif isinstance(method, types.FunctionType) and method.__module__ == own:
                    setattr(value, inner, recorded(full, method))


def _patches(sys):
    """What tests have replaced and not yet put back, by unittest.mock and by pytest's monkeypatch; one set for all recorded files."""
    if hasattr(sys, "_replaced"):
        return sys._replaced
    active = sys._replaced = set()

    def around(cls, name, change):
        real = getattr(cls, name)

        def method(self, *given, **named):
            change(id(self))
            return real(self, *given, **named)

        setattr(cls, name, method)

    from unittest import mock

    pytest = sys.modules.get("_pytest.monkeypatch")
    pairs = [(mock._patch, ["__enter__"], ["__exit__"]), (mock._patch_dict, ["_patch_dict"], ["_unpatch_dict"])]
    if pytest is not None:
        pairs.append((pytest.MonkeyPatch, ["setattr", "delattr", "setitem", "delitem"], ["undo"]))
    for cls, starts, ends in pairs:
        for name in starts:
            around(cls, name, active.add)
        for name in ends:
            around(cls, name, active.discard)
    return active


try:
    _record(MODULE, TARGET, PATH, _plain_values)  # noqa: F821
except Exception:
    pass  # Nothing of this file is recorded.
