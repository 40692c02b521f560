"""Writes plain data as JSON and reads it again, for values that a function takes and gives, and tells how a call ended. An object of a class of the
repository is plain if what it holds is: it is made again with the same content, without its constructor, and only once if it is held twice. Values that can't
be made again are shown by their parts if they are results. Runs in containers, inside the code under test; the syntax is that of Python 3.8."""


def _plain_values(root, told_max=600, tested=None):
    """`root`: the folder of the repository here; `tested`: where it was while the tests ran, which arguments may name."""
    import hashlib
    import importlib
    import json
    import re
    import sys

    nodes_max, depth_max, characters_max = 3000, 40, 32000
    quoted = json.encoder.encode_basestring_ascii
    loads, sha256, module = json.loads, hashlib.sha256, importlib.import_module
    heap_type = 1 << 9
    dict_items, tuple_iter, set_iter, frozen_iter = dict.items, tuple.__iter__, set.__iter__, frozenset.__iter__

    class NotPlain(Exception):
        pass

    roots = sorted({root, tested or root}, key=len, reverse=True)

    def relative(text):
        """The repository's folder by one name: its versions are in folders of their own. No other text becomes that name."""
        text = text.replace("\u27e8", "\u27e8\u27e8")
        for one in roots:
            text = text.replace(one, "\u27e8repository\u27e9")
        return text

    def relative_bytes(value):
        value = value.replace("\u27e8".encode(), "\u27e8\u27e8".encode())
        for one in (one.encode("utf-8") for one in roots):
            value = value.replace(one, "\u27e8repository\u27e9".encode())
        return value

    def day_text(value):
        zone = getattr(value, "tzinfo", None)
        if zone is not None and type(zone).__name__ != "timezone":
            raise NotPlain()
        return value.isoformat()

    # Types of the standard library by name: how a value is told as plain data, and made again.
    kinds = {
        "datetime.date": (day_text, lambda told: module("datetime").date.fromisoformat(told)),
        "datetime.datetime": (day_text, lambda told: module("datetime").datetime.fromisoformat(told)),
        "datetime.timedelta": (
            lambda value: [value.days, value.seconds, value.microseconds],
            lambda told: module("datetime").timedelta(*told),
        ),
        "decimal.Decimal": (str, lambda told: module("decimal").Decimal(told)),
        "fractions.Fraction": (
            lambda value: [value.numerator, value.denominator],
            lambda told: module("fractions").Fraction(*told),
        ),
        "pathlib.PosixPath": (str, lambda told: module("pathlib").PosixPath(told)),
        "uuid.UUID": (str, lambda told: module("uuid").UUID(told)),
    }
    # Exact copies of what a subclass of a built-in type holds.
    copies = [
        (int, lambda value: int.__add__(value, 0)),
        (float, float.__pos__),
        (str, lambda value: str.__getitem__(value, slice(None))),
        (bytes, lambda value: bytes.__getitem__(value, slice(None))),
        (list, lambda value: list.__getitem__(value, slice(None))),
        (tuple, lambda value: tuple.__getitem__(value, slice(None))),
        (dict, lambda value: dict(dict_items(value))),
        (set, lambda value: set(set_iter(value))),
        (frozenset, lambda value: frozenset(frozen_iter(value))),
    ]

    class Budget:
        """`shows`: a value that can't be made again is shown by its parts; otherwise it is refused. `gives`: objects are told so that they can be made again."""

        def __init__(self, shows, gives):
            self.shows, self.gives, self.nodes, self.characters = shows, gives, nodes_max, characters_max
            # Objects by their identity, each with its number in the order in which they are told; of those in a set the order is lost, already within it.
            self.seen, self.is_ordered = {}, True

        def refuse(self, *shown):
            if not self.shows:
                raise NotPlain()
            return "[%s]" % ",".join(["\"x\""] + [quoted(one) for one in shown])

    def text_of(value, budget, depth):
        budget.nodes -= 1
        if budget.nodes < 0 or depth > depth_max:
            return budget.refuse("more")
        exact = type(value)
        if value is None:
            return "null"
        if exact is bool:
            return "true" if value else "false"
        if exact is int:
            if budget.shows and value.bit_length() > 9000:
                return '["n",%s]' % quoted(hex(value))
            # Whoever reads the text has fractions only, which are exact up to here.
            return int.__repr__(value) if abs(value) <= 1 << 53 else '["n","%s"]' % int.__repr__(value)
        if exact is float:
            return '["d","%s"]' % float.__repr__(value)
        if exact is str or exact is bytes:
            # Before they are sorted or shortened. What is to be made again stays as it is.
            if budget.shows and not budget.gives:
                value = relative(value) if exact is str else relative_bytes(value)
            budget.characters -= len(value)
            if budget.characters < 0:
                budget.characters += len(value)
                whole = value if exact is bytes else value.encode("utf-8", "surrogatepass")
                return budget.refuse(exact.__name__, sha256(whole).hexdigest())
            return quoted(value) if exact is str else '["b","%s"]' % value.hex()
        if exact is list:
            return '["a",[%s]]' % texts_of(value, budget, depth)
        if exact is tuple:
            return '["t",[%s]]' % texts_of(tuple_iter(value), budget, depth)
        if exact is dict:
            return '["o",[%s]]' % texts_of(dict_items(value), budget, depth, pair_text)
        if exact is set or exact is frozenset:
            kind, known, was_ordered = "S" if exact is set else "F", len(budget.seen), budget.is_ordered
            budget.is_ordered = False
            told = sorted(text_of(one, budget, depth + 1) for one in value)
            budget.is_ordered = was_ordered and len(budget.seen) == known
            return '["%s",[%s]]' % (kind, ",".join(told))
        name = "%s.%s" % (exact.__module__.replace("._local", ""), exact.__qualname__)
        if name in kinds:
            try:
                return '["k",%s,%s]' % (quoted(name), json.dumps(kinds[name][0](value)))
            except NotPlain:
                if not budget.shows:
                    raise
        if budget.gives and is_own(exact):
            if id(value) in budget.seen:
                return '["R",%d]' % budget.seen[id(value)][0] if budget.is_ordered else budget.refuse("again")
            budget.seen[id(value)] = len(budget.seen), value
            where = quoted(file_of(exact)), quoted(exact.__qualname__)
            return '["i",%s,%s,[%s]]' % (where + (fields_text(value, exact, budget, depth + 1),))
        return shown(value, exact, budget, depth + 1) if budget.shows else budget.refuse()

    def file_of(cls):
        """The path in the repository of the file with the class; None if it is elsewhere."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None) or ""
        return file[len(root) + 1 :] if file.startswith(root + "/") and "/site-packages/" not in file else None

    def is_own(cls):
        """Whether an object of the class holds nothing but its fields."""
        if type(cls).__name__ not in ("type", "ABCMeta") or cls.__mro__[-1] is not object or file_of(cls) is None:
            return False
        if not all(one.__flags__ & heap_type and one.__module__ != "builtins" for one in cls.__mro__[:-1]):
            return False
        if any(base in cls.__mro__ for base, _ in copies) or any("__del__" in one.__dict__ for one in cls.__mro__):
            return False
        return class_of(sys.modules[cls.__module__], cls.__qualname__) is cls

    def class_of(found, name):
        for part in name.split("."):
            found = getattr(found, part, None)
        return found

    def pair_text(pair, budget, depth):
        return "[%s,%s]" % (text_of(pair[0], budget, depth), text_of(pair[1], budget, depth))

    def texts_of(values, budget, depth, text=text_of):
        found = []
        for one in values:
            found.append(text(one, budget, depth + 1))
            if budget.nodes < 0:
                break
        return ",".join(found)

    def shown(value, exact, budget, depth):
        name = exact.__qualname__
        if isinstance(value, type) or not exact.__flags__ & heap_type:
            return budget.refuse(name)
        content = next((copy(value) for base, copy in copies if base in exact.__mro__), None)
        inner = fields_text(value, exact, budget, depth)
        return '["c",%s,%s,[%s]]' % (quoted(name), text_of(content, budget, depth), inner)

    def fields_text(value, exact, budget, depth):
        fields = {}
        for cls in exact.__mro__:
            slots = cls.__dict__.get("__slots__", ())
            for slot in (slots,) if isinstance(slots, str) else slots:
                if slot in cls.__dict__ and slot not in ("__dict__", "__weakref__"):
                    try:
                        fields[slot] = cls.__dict__[slot].__get__(value)
                    except AttributeError:
                        pass
        try:
            fields.update(object.__getattribute__(value, "__dict__"))
        except (AttributeError, TypeError):
            pass
        pairs = sorted(((key, one) for key, one in fields.items() if type(key) is str), key=lambda pair: pair[0])
        return texts_of(pairs, budget, depth, pair_text)

    def made(told, objects):
        """`objects`: those made so far."""
        if not isinstance(told, list):
            return told
        if told[0] == "i":
            value = object.__new__(class_of(Values.module_at(told[1]), told[2]))
            objects.append(value)
            for key, one in told[3]:
                object.__setattr__(value, key, made(one, objects))
            return value
        if told[0] == "R":
            return objects[told[1]]
        kind, inner = told[0], told[1]
        if kind == "d":
            return float(inner)
        if kind == "n":
            return int(inner)
        if kind == "b":
            return bytes.fromhex(inner)
        if kind == "k":
            return kinds[inner][1](told[2])
        if kind == "o":
            return {made(key, objects): made(value, objects) for key, value in inner}
        return {"a": list, "t": tuple, "S": set, "F": frozenset}[kind](made(one, objects) for one in inner)

    class Values:
        lazy = (type(one for one in ()), map, filter, zip, enumerate, reversed)
        items_max = 1000

        @staticmethod
        def module_at(path):
            """The module of a file of the repository; whoever reads values that have objects replaces this."""
            raise NotPlain()

        @staticmethod
        def encode(value):
            """Raises whatever it likes if the value is not plain."""
            text = text_of(value, Budget(False, True), 0)
            if len(text) > 2 * characters_max:
                raise NotPlain()
            return text

        @staticmethod
        def decode(text):
            return made(loads(text), [])

        @staticmethod
        def show(value, gives=False):
            """Contract: never throws, whatever the value's own code does. `gives`: as `encode` tells it, if it can."""
            try:
                return text_of(value, Budget(True, gives), 0)
            except Exception as error:
                return '["x",%s]' % quoted("%s %s" % (type(value).__name__, type(error).__name__))

        @staticmethod
        def error(error):
            try:
                return "e%s: %s" % (type(error).__qualname__, error)
            except Exception:
                return "e%s" % type(error).__qualname__

        @staticmethod
        def ended(text, given, before):
            """What is told of a call: how it ended, what it made of its arguments, without what differs by nature; `before`: the arguments as they were."""
            after, leaves = Values.show(given, True), "\x1e and left "
            if before is not None and after != before:
                text += leaves + after
            text = relative(re.sub(r" at 0x[0-9a-f]+", "", text))
            if len(text) > told_max:
                digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
                text = "%s... %s%s" % (text[:500], digest, leaves + "..." if leaves in text else "")
            return text

    return Values
