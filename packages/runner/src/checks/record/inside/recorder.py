"""A plugin of pytest that is loaded before any code of the repository (THREATS T26): writes what each assertion compares to a pipe of ours before it
is compared, and whether it failed. It uses only its own copies of what it needs and calls no code of the values. CHANNEL and CHECKOUT are put in."""
import ast
import errno
import os
import sys
import time
import unittest

from _pytest.assertion import rewrite

__unittest = True


def _install(channel, checkout):
    type_, id_, len_ = type, id, len
    os_open, os_write, os_close, frame_of = os.open, os.write, os.close, sys._getframe
    int_repr, float_repr, bit_length = int.__repr__, float.__repr__, int.bit_length
    list_iter, tuple_iter, dict_items = list.__iter__, tuple.__iter__, dict.items
    list_len, tuple_len, dict_len, str_len = list.__len__, tuple.__len__, dict.__len__, str.__len__
    str_item, bytes_hex, mro_of, os_error = str.__getitem__, bytes.hex, type.__dict__["__mro__"].__get__, OSError
    from json.encoder import encode_basestring_ascii as quoted
    from zlib import crc32
    encode = str.encode
    bases = {int: "i", float: "d", str: "s", bytes: "s", list: "o", tuple: "o", dict: "o"}
    state = {"records": 0, "bytes": 0, "over": False}
    writer = "%d.%d" % (os.getpid(), time.monotonic_ns())
    # Half of what the reader takes as one message is for each operand; what is beyond is left out.
    operand_chars_max, container_chars = 100000, 64
    part_chars, records_max, bytes_max, nodes_max, depth_max, chars_max = 3900, 50000, 16 * 1024 * 1024, 2000, 30, 500
    process = os.getpid

    def send(text):
        state["records"] += 1
        number = state["records"]
        parts = (str_len(text) + part_chars - 1) // part_chars
        try:
            fd = os_open(channel, os.O_WRONLY)
        except os_error:
            return number
        try:
            for part in range(parts):
                piece = str_item(text, slice(part * part_chars, (part + 1) * part_chars))
                os_write(fd, encode("%s.%d %d %d %d %s\n" % (writer, process(), number, part, parts, piece), "ascii"))
        except os_error:
            pass
        finally:
            os_close(fd)
        return number

    def base_of(value):
        """The built-in type that the value is or extends without another comparison; None if it compares by code of its own."""
        for cls in mro_of(type_(value)):
            if cls in bases:
                return cls
            own = type_.__dict__["__dict__"].__get__(cls)
            if "__eq__" in own or "__ne__" in own:
                return None
        return None

    def is_full(budget):
        return budget[0] < 0 or budget[1] < 0

    def text_of(value, budget, depth):
        budget[0] -= 1
        if is_full(budget) or depth > depth_max:
            return '{"t":"c"}'
        base = base_of(value)
        if base is list or base is tuple or base is dict:
            budget[1] -= container_chars
            return container_text(value, base, (budget, depth + 1))
        text = simple_text(value, base)
        budget[1] -= str_len(text)
        return text

    def simple_text(value, base):
        exact = type_(value)
        if value is None:
            return '{"t":"n"}'
        if exact is bool:
            return '{"t":"b","v":true}' if value is True else '{"t":"b","v":false}'
        if base is int:
            return '{"t":"c"}' if bit_length(value) > 3000 else '{"t":"i","v":"%s"}' % int_repr(value)
        if base is float:
            shown = float_repr(value)
            shown = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity", "-0.0": "-0"}.get(shown, shown)
            return '{"t":"d","v":"%s"}' % shown
        if base is str or base is bytes:
            return string_text(value if base is str else "bytes " + bytes_hex(value))
        # Objects without a comparison of their own are equal only to themselves.
        own = [cls for cls in mro_of(exact)[:-1] if "__eq__" in type_.__dict__["__dict__"].__get__(cls)]
        return '{"t":"%s","i":%d}' % ("x" if len_(own) > 0 else "f", id_(value))

    def string_text(value):
        if str_len(value) <= chars_max:
            return '{"t":"s","v":%s}' % quoted(str_item(value, slice(None)))
        start = str_item(value, slice(0, 100))
        return '{"t":"s","v":%s,"n":%d,"h":%d}' % (quoted(start), str_len(value), crc32(encode(value, "utf-8", "surrogatepass")))

    def container_text(value, base, place):
        budget, depth = place
        whole = True
        inner = []
        if base is dict:
            for key, item in dict_items(value):
                if type_(key) is not str or str_len(key) > chars_max or is_full(budget):
                    whole = False
                    if is_full(budget):
                        break
                    continue
                name = quoted(key)
                budget[1] -= str_len(name)
                inner.append("%s:%s" % (name, text_of(item, budget, depth)))
            head = '"p":1,"c":"object","n":%d' % dict_len(value)
        else:
            items = list_iter(value) if base is list else tuple_iter(value)
            for index, item in enumerate(items):
                if is_full(budget):
                    whole = False
                    break
                inner.append('"%d":%s' % (index, text_of(item, budget, depth)))
            length = list_len(value) if base is list else tuple_len(value)
            head = '"p":%d,"c":"array","n":%d' % (2 if base is list else 3, length)
        return '{"t":"o","i":%d,%s,"w":%s,"e":{%s}}' % (id_(value), head, "true" if whole else "false", ",".join(inner))

    def place_text(frame):
        name = frame.f_code.co_filename
        if not name.startswith(checkout + "/") or "/site-packages/" in name:
            return '"f":"","l":0,"c":0'
        return '"f":%s,"l":%d,"c":0' % (quoted(name[len_(checkout) + 1 :][:900]), frame.f_lineno)

    def before(kind, operands, frame):
        if state["over"]:
            return 0
        if state["records"] > records_max or state["bytes"] > bytes_max:
            state["over"] = True
            send('{"over":true}')
            return 0
        budget, texts = [nodes_max, 0], []
        for one in operands:
            budget[1] = operand_chars_max
            texts.append(text_of(one, budget, 0))
        text = '{"k":"%s",%s,"o":[%s]}' % (kind, place_text(frame), ",".join(texts))
        state["bytes"] += str_len(text)
        return send(text)

    def failed(number, frame):
        if number != 0:
            send('{"x":%d,%s}' % (number, place_text(frame)))

    def note(kind, *operands):
        return before(kind, operands, frame_of(1))

    def note_failed(number):
        failed(number, frame_of(1))

    return before, failed, note, note_failed


def _rewriting(note, note_failed):
    """Lets pytest's rewritten assertions call ours: before the comparison of a plain `a == b`, and where they fail."""
    rewriter = rewrite.AssertionRewriter
    real = rewriter.visit_Assert
    kinds = {ast.Eq: "pythonEqual", ast.NotEq: "pythonNotEqual"}
    number = "@py_assert_number"
    rewrite._assertion_begins, rewrite._assertion_fails = note, note_failed

    def visit_Assert(self, node):
        statements = real(self, node)
        test = node.test
        kind = kinds.get(type(test.ops[0])) if isinstance(test, ast.Compare) and len(test.ops) == 1 else None
        at, operands = 0, []
        if kind is not None:
            places = [i for i, one in enumerate(statements) if isinstance(one, ast.Assign) and isinstance(one.value, ast.Compare)]
            if places:
                at, compared = places[-1], statements[places[-1]].value
                operands = [compared.left, compared.comparators[0]]
        if not operands or not all(isinstance(one, (ast.Name, ast.Constant)) for one in operands):
            at, operands, kind = 0, [], "other"
        begins = ast.Assign([ast.Name(number, ast.Store())], self.helper("_assertion_begins", ast.Constant(kind), *operands))
        fails = ast.Expr(self.helper("_assertion_fails", ast.Name(number, ast.Load())))
        branches = [one for one in statements if isinstance(one, ast.If) and isinstance(one.test, ast.UnaryOp)]
        if not branches:
            return statements
        branches[-1].body.insert(0, fails)
        statements.insert(at, begins)
        for added in (begins, fails):
            for inner in ast.walk(added):
                ast.copy_location(inner, node)
        return statements

    rewriter.visit_Assert = visit_Assert


def _methods(before, failed):
    """The comparing methods of unittest's test cases."""
    kinds = {
        "assertEqual": "pythonEqual",
        "assertNotEqual": "pythonNotEqual",
        "assertIs": "other",
        "assertIsNot": "other",
        "assertTrue": "other",
        "assertFalse": "other",
        "assertIsNone": "other",
        "assertIsNotNone": "other",
        "assertIn": "other",
    }

    def wrap(real, kind):
        def method(self, *given, **named):
            __tracebackhide__ = True
            frame = sys._getframe(1)
            number = before(kind if len(given) >= 2 else "other", given[:2] if kind != "other" and len(given) >= 2 else (), frame)
            try:
                return real(self, *given, **named)
            except self.failureException:
                failed(number, frame)
                raise

        method.__name__, method.__qualname__, method.__doc__ = real.__name__, real.__qualname__, real.__doc__
        return method

    for name, kind in kinds.items():
        setattr(unittest.TestCase, name, wrap(getattr(unittest.TestCase, name), kind))


def _start():
    try:
        os.close(os.open(CHANNEL, os.O_WRONLY | os.O_NONBLOCK))  # noqa: F821
    except OSError as error:
        if error.errno not in (errno.ENXIO, errno.ENOENT):
            raise
        return
    before, failed, note, note_failed = _install(CHANNEL, CHECKOUT)  # noqa: F821
    _rewriting(note, note_failed)
    _methods(before, failed)


_start()
