/**
 * Runs inside every Node process of a guarded command, before any code of the repository (SECURITY T26): an operand of an assertion as bounded JSON. It
 * uses only its own copies of what it needs and calls no code of the values.
 */
(require) => {
  const util = require("node:util");
  const {
    isProxy,
    isDate,
    isRegExp,
    isMap,
    isSet,
    isBoxedPrimitive,
    isArrayBufferView,
    isAnyArrayBuffer,
    isNativeError,
  } = util.types;
  const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
  const { ownKeys } = Reflect;
  const { isArray } = Array;
  const MapOf = Map;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const has = uncurry(Object.prototype.hasOwnProperty);
  const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable);
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const hex = uncurry(Number.prototype.toString);
  const bigintText = uncurry(BigInt.prototype.toString);
  const dateTime = uncurry(Date.prototype.getTime);
  const idOf = uncurry(WeakMap.prototype.get);
  const setId = uncurry(WeakMap.prototype.set);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const mapSize = uncurry(getOwnPropertyDescriptor(Map.prototype, "size").get);
  const setSize = uncurry(getOwnPropertyDescriptor(Set.prototype, "size").get);
  const plainPrototype = Object.prototype;

  const charsMax = 500;
  const hashedCharsMax = 1_000_000;
  const nodesMax = 2000;
  // Half of what the reader takes as one message is for each operand; what is beyond is left out.
  const operandCharsMax = 100_000;
  // About what an object's own frame takes.
  const objectChars = 64;
  const depthMax = 30;

  /** ASCII only, so that a text can be cut anywhere. */
  function quoted(text) {
    let all = '"';
    for (let index = 0; index < text.length; index += 1) {
      const code = charCodeAt(text, index);
      all +=
        code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c
          ? `\\u${slice(hex(0x10000 + code, 16), 1)}`
          : text[index];
    }
    return `${all}"`;
  }

  function hashOf(text) {
    let hash = 0x811c9dc5;
    for (let index = 0; index < text.length; index += 1) {
      hash ^= charCodeAt(text, index);
      hash = (hash * 0x01000193 + (hash << 7)) | 0;
    }
    return hash;
  }

  const ids = new WeakMap();
  let idsGiven = 0;
  function identity(value) {
    let id = idOf(ids, value);
    if (id === undefined) {
      idsGiven += 1;
      id = idsGiven;
      setId(ids, value, id);
    }
    return id;
  }

  function stringText(value) {
    if (value.length <= charsMax) return `{"t":"s","v":${quoted(value)}}`;
    if (value.length > hashedCharsMax) return '{"t":"c"}';
    return `{"t":"s","v":${quoted(slice(value, 0, 100))},"n":${value.length},"h":${hashOf(value)}}`;
  }

  function isFull(state) {
    return state.nodes > nodesMax || state.chars > operandCharsMax;
  }

  /** The value as JSON; `state.deep`: with what objects contain. */
  function textOf(value, state, depth) {
    state.nodes += 1;
    if (isFull(state) || depth > depthMax) return '{"t":"c"}';
    if (typeof value === "object" && value !== null) return objectText(value, state, depth);
    const text = simpleText(value);
    state.chars += text.length;
    return text;
  }

  function simpleText(value) {
    switch (typeof value) {
      case "undefined":
        return '{"t":"u"}';
      case "boolean":
        return `{"t":"b","v":${value}}`;
      case "number":
        return `{"t":"d","v":"${value === 0 && 1 / value < 0 ? "-0" : `${value}`}"}`;
      case "string":
        return stringText(value);
      case "bigint": {
        const digits = bigintText(value);
        return digits.length > 1000 ? '{"t":"c"}' : `{"t":"i","v":"${digits}"}`;
      }
      case "symbol":
        return symbolText(value);
      case "function":
        return isProxy(value) ? `{"t":"x","i":${identity(value)}}` : `{"t":"f","i":${identity(value)}}`;
      default:
        return '{"t":"n"}';
    }
  }

  const symbols = new Map();
  function symbolText(value) {
    let id = mapGet(symbols, value);
    if (id === undefined) {
      id = mapSize(symbols) + 1;
      if (id < 10_000) mapSet(symbols, value, id);
    }
    return id < 10_000 ? `{"t":"y","i":${id}}` : '{"t":"c"}';
  }

  function objectText(value, state, depth) {
    const id = identity(value);
    state.chars += objectChars;
    if (isProxy(value)) return `{"t":"x","i":${id}}`;
    if (!state.deep) return `{"t":"o","i":${id}}`;
    if (mapGet(state.seen, value) === true) return `{"t":"r","i":${id}}`;
    mapSet(state.seen, value, true);
    const prototype = getPrototypeOf(value);
    const kind = prototype === null ? 0 : prototype === plainPrototype ? 1 : identity(prototype) + 1;
    return `{"t":"o","i":${id},"p":${kind},${classText(value)}${propertiesText(value, state, depth)}}`;
  }

  /** What JavaScript keeps of an object besides its properties. */
  function classText(value) {
    if (isArray(value)) return `"c":"array","n":${getOwnPropertyDescriptor(value, "length").value},`;
    if (isDate(value)) return `"c":"date","v":"${dateTime(value)}",`;
    if (isRegExp(value)) return '"c":"regexp",';
    if (isMap(value)) return `"c":"map","n":${mapSize(value)},`;
    if (isSet(value)) return `"c":"set","n":${setSize(value)},`;
    const isOpaque = isBoxedPrimitive(value) || isArrayBufferView(value) || isAnyArrayBuffer(value);
    return isOpaque || isNativeError(value) ? '"c":"opaque",' : '"c":"object",';
  }

  function propertiesText(value, state, depth) {
    if (isArrayBufferView(value)) return '"w":false,"e":{}';
    const keys = ownKeys(value);
    let text = "";
    let isWhole = true;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index];
      if (!isEnumerable(value, key)) continue;
      if (isFull(state) || typeof key === "symbol" || key.length > charsMax) {
        isWhole = false;
        if (isFull(state)) break;
        continue;
      }
      const name = quoted(key);
      state.chars += name.length;
      const found = getOwnPropertyDescriptor(value, key);
      const inner = has(found, "value") ? textOf(found.value, state, depth + 1) : '{"t":"g"}';
      text += `${text === "" ? "" : ","}${name}:${inner}`;
    }
    return `"w":${isWhole},"e":{${text}}`;
  }

  /** The operands, separated by commas; `deep`: with what objects contain. */
  function operandsText(operands, deep) {
    const state = { nodes: 0, chars: 0, deep, seen: new MapOf() };
    let text = "";
    for (let index = 0; index < operands.length; index += 1) {
      state.chars = 0;
      text += `${index === 0 ? "" : ","}${textOf(operands[index], state, 0)}`;
    }
    return text;
  }

  return { quoted, operandsText };
};
