/**
 * Writes plain data as JSON and reads it again, for values that a function takes and gives. An object of a class in `classes` is plain if its fields are: it
 * is made again with the same fields, without its constructor, and only once if it is held twice. What is not plain, such as a function or an object of another class, throws. It uses only its own copies of what it needs. Runs in containers, inside the code under test.
 * `mayHavePrivateNames`: private-names.cjs.
 */
(mayHavePrivateNames) => {
  const { getPrototypeOf, getOwnPropertyDescriptor, getOwnPropertySymbols: symbolsOf } = Object;
  const { keys: keysOf, create, defineProperty, prototype: objectPrototype } = Object;
  const { ownKeys: ownKeysOf } = Reflect;
  const hasContent = new Set(["Array", "Date", "Map", "RegExp", "Set"].map((name) => `[object ${name}]`));
  const { isArray, from: arrayOf } = Array;
  const { stringify, parse } = JSON;
  const call = Function.prototype.call;
  const { replaceAll } = String.prototype;
  const kindOf = (value) => call.call(objectPrototype.toString, value);
  const nodesMax = 3000;
  const depthMax = 40;
  const charactersMax = 32_000;
  const leftCharactersMax = 4000;
  class NotPlain extends Error {}
  /** By the prototype: file and name of each class whose objects can be made again. Whoever reads values that have objects sets `prototypeAt`. */
  const shared = {
    classes: new Map(),
    /** Folders that the repository is in, here and while the tests ran. */
    roots: [],
    prototypeAt() {
      throw new NotPlain();
    },
  };

  function plain(value, state, depth) {
    state.nodes += 1;
    if (state.nodes > nodesMax || depth > depthMax) throw new NotPlain();
    switch (typeof value) {
      case "string":
        state.characters += value.length;
        if (state.characters > charactersMax) throw new NotPlain();
        return value;
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ["d", Object.is(value, -0) ? "-0" : `${value}`];
      case "undefined":
        return ["u"];
      case "bigint":
        return ["i", `${value}`];
      case "object":
        return value === null ? null : plainObject(value, state, depth + 1);
      default:
        throw new NotPlain();
    }
  }

  function plainObject(value, state, depth) {
    const inner = (one) => plain(one, state, depth);
    const kind = kindOf(value);
    // A class of its own would be lost, such as Buffer's.
    if (kind !== "[object Object]" && levelsOf(value) > (kind === "[object Uint8Array]" ? 3 : 2)) throw new NotPlain();
    // So would be what is in it beside its content, and the holes of a list.
    if (symbolsOf(value).length > 0 || (hasContent.has(kind) && keysOf(value).length !== (value.length ?? 0)))
      throw new NotPlain();
    if (isArray(value)) return ["a", arrayOf(value, inner)];
    const prototype = getPrototypeOf(value);
    const isRoot = prototype === null || getPrototypeOf(prototype) === null;
    switch (kind) {
      case "[object Object]":
        if (!isRoot) return objectOfClass(value, prototype, state, inner);
        return ["o", keysOf(value).map((key) => [key, inner(dataOf(value, key))])];
      case "[object Date]":
        return ["D", inner(+value)];
      case "[object RegExp]":
        return ["r", `${value.source}`, `${value.flags}`];
      case "[object Map]":
        return ["M", arrayOf(value, ([key, one]) => [inner(key), inner(one)])];
      case "[object Set]":
        return ["S", arrayOf(value, inner)];
      case "[object Uint8Array]":
        if (value.length > nodesMax) throw new NotPlain();
        return ["b", arrayOf(value)];
      default:
        throw new NotPlain();
    }
  }

  function objectOfClass(value, prototype, state, inner) {
    const about = shared.classes.get(prototype);
    const above = getPrototypeOf(prototype);
    const isKnown = getPrototypeOf(above) === null || shared.classes.has(above);
    if (about === undefined || !isKnown) throw new NotPlain();
    if (state.seen.has(value)) return ["R", state.seen.get(value)];
    state.seen.set(value, state.seen.size);
    const keys = keysOf(value);
    if (ownKeysOf(value).length !== keys.length) throw new NotPlain();
    return ["I", ...about, keys.map((key) => [key, inner(dataOf(value, key))])];
  }

  function levelsOf(value) {
    let levels = 0;
    for (let one = getPrototypeOf(value); one !== null; one = getPrototypeOf(one)) levels += 1;
    return levels;
  }

  function dataOf(object, key) {
    const found = getOwnPropertyDescriptor(object, key);
    if (found === undefined || !("value" in found)) throw new NotPlain();
    return found.value;
  }

  /** `made`: the objects of classes so far, in the order in which they are told. */
  function revived(plain, made) {
    if (!isArray(plain)) return plain;
    const inner = (one) => revived(one, made);
    const [kind, first, second, third] = plain;
    switch (kind) {
      case "d":
        return Number(first);
      case "u":
        return undefined;
      case "i":
        return BigInt(first);
      case "a":
        return first.map(inner);
      case "o":
        return filled({}, first, inner);
      case "I": {
        const object = create(shared.prototypeAt(first, second));
        made.push(object);
        return filled(object, third, inner);
      }
      case "R":
        return made[first];
      case "D":
        return new Date(inner(first));
      case "r":
        return new RegExp(first, second);
      case "M":
        return new Map(first.map(([key, one]) => [inner(key), inner(one)]));
      case "S":
        return new Set(first.map(inner));
      default:
        return Uint8Array.from(first);
    }
  }

  function filled(object, pairs, inner) {
    for (const [key, one] of pairs)
      defineProperty(object, key, { value: inner(one), writable: true, enumerable: true, configurable: true });
    return object;
  }

  /** The repository's folder by one name: its versions are in folders of their own. No other text becomes that name. */
  function relative(text) {
    let found = call.call(replaceAll, text, "⟨", "⟨⟨");
    for (const root of shared.roots.toSorted((one, other) => other.length - one.length))
      found = call.call(replaceAll, found, root, "⟨repository⟩");
    return found;
  }

  const encode = (value) => stringify(plain(value, { nodes: 0, characters: 0, seen: new Map() }, 0));
  return {
    shared,
    /** Whether an object of the class holds nothing but its fields. */
    isOpenClass: (text) => /^class\b/u.test(text) && !mayHavePrivateNames(text),
    encode,
    decode: (text) => revived(parse(text), []),
    /** The end of a call with what it made of its arguments, which were `before`. */
    left(end, given, before) {
      let after = "something else";
      try {
        after = encode(given);
      } catch {
        // No longer plain.
      }
      if (after === before) return end;
      const told = relative(after);
      return `${end}\u001e and left ${told.length} ${told.slice(0, leftCharactersMax)}`;
    },
    /** How a call ended: `v` a plain value, `x` another value, `e` an error. */
    outcome(get) {
      try {
        const value = get();
        try {
          return `v${relative(encode(value))}`;
        } catch {
          return `x${typeof value === "object" ? kindOf(value) : typeof value}`;
        }
      } catch (error) {
        return relative(`e${error?.name}: ${error?.message}`);
      }
    },
  };
};
