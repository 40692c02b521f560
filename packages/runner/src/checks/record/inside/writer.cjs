/**
 * Runs inside every Node process of a guarded command, before any code of the repository (THREATS T26): writes what each assertion compares to a
 * pipe of ours before it is compared, and whether it failed. It uses only its own copies of what it needs, calls no code of the values, and must
 * not change what a test sees. `channel`: the pipe's path; `checkout`: the folder whose files can be named.
 */
(require, { channel, checkout }) => {
  const fs = require("node:fs");
  const util = require("node:util");
  const { openSync, writeSync, closeSync } = fs;
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
  const { getPrototypeOf, getOwnPropertyDescriptor, defineProperty } = Object;
  const { ownKeys } = Reflect;
  const { captureStackTrace } = Error;
  const { isArray } = Array;
  const ErrorOf = Error;
  const MapOf = Map;
  const { ceil } = Math;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const has = uncurry(Object.prototype.hasOwnProperty);
  const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable);
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const indexOf = uncurry(String.prototype.indexOf);
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
  const { O_WRONLY, O_NONBLOCK } = fs.constants;

  const charsMax = 500;
  const hashedCharsMax = 1_000_000;
  const nodesMax = 2000;
  const depthMax = 30;
  const recordsMax = 50_000;
  const bytesMax = 16 * 1024 * 1024;
  // A write of at most 4096 bytes is not mixed with another process's.
  const partChars = 3900;
  // Most assertions are called directly; more frames cost more.
  const nearFrames = 6;
  const framesMax = 20;

  try {
    // Without a reader this fails at once.
    closeSync(openSync(channel, O_WRONLY | O_NONBLOCK));
  } catch {
    return null;
  }

  const start = process.hrtime();
  const writer = `${process.pid}.${hex(start[0] * 1e9 + start[1], 36)}.${hex(Math.floor(Math.random() * 2 ** 40), 36)}`;
  let records = 0;
  let bytes = 0;
  let isOver = false;

  function send(number, text) {
    const parts = ceil(text.length / partChars);
    let fd;
    try {
      fd = openSync(channel, O_WRONLY);
      for (let part = 0; part < parts; part += 1)
        writeSync(
          fd,
          `${writer} ${number} ${part} ${parts} ${slice(text, part * partChars, (part + 1) * partChars)}\n`,
        );
    } catch {
      // What is missing is noticed outside.
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

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

  /** The value as JSON; `state.deep`: with what objects contain. */
  function textOf(value, state, depth) {
    state.nodes += 1;
    if (state.nodes > nodesMax || depth > depthMax) return '{"t":"c"}';
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
      default:
        return value === null ? '{"t":"n"}' : objectText(value, state, depth);
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
    if (isProxy(value)) return `{"t":"x","i":${id}}`;
    if (typeof value === "function") return `{"t":"f","i":${id}}`;
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
      if (state.nodes > nodesMax || typeof key === "symbol" || key.length > charsMax) {
        isWhole = false;
        if (state.nodes > nodesMax) break;
        continue;
      }
      const found = getOwnPropertyDescriptor(value, key);
      const inner = has(found, "value") ? textOf(found.value, state, depth + 1) : '{"t":"g"}';
      text += `${text === "" ? "" : ","}${quoted(key)}:${inner}`;
    }
    return `"w":${isWhole},"e":{${text}}`;
  }

  /** Where the repository's own code called an assertion. */
  const { getCallSites } = util;
  const isFast = typeof getCallSites === "function" && process.versions.node.split(".")[0] >= 24;
  function frames(below, count) {
    if (isFast) return getCallSites(count);
    const limit = getOwnPropertyDescriptor(ErrorOf, "stackTraceLimit");
    const prepare = getOwnPropertyDescriptor(ErrorOf, "prepareStackTrace");
    const holder = {};
    try {
      defineProperty(ErrorOf, "stackTraceLimit", {
        value: count,
        writable: true,
        configurable: true,
        enumerable: true,
      });
      defineProperty(ErrorOf, "prepareStackTrace", { value: readFrames, writable: true, configurable: true });
      captureStackTrace(holder, below);
      return holder.stack;
    } catch {
      return [];
    } finally {
      if (limit) defineProperty(ErrorOf, "stackTraceLimit", limit);
      else delete ErrorOf.stackTraceLimit;
      if (prepare) defineProperty(ErrorOf, "prepareStackTrace", prepare);
      else delete ErrorOf.prepareStackTrace;
    }
  }
  function readFrames(_error, found) {
    const all = [];
    for (let index = 0; index < found.length; index += 1)
      defineProperty(all, index, {
        value: {
          scriptName: found[index].getFileName() || "",
          lineNumber: found[index].getLineNumber() || 0,
          columnNumber: found[index].getColumnNumber() || 0,
        },
      });
    return all;
  }

  const prefix = `${checkout}/`;
  const urlPrefix = `file://${checkout}/`;
  function siteOf(below) {
    return isOver ? null : (siteIn(frames(below, nearFrames)) ?? siteIn(frames(below, framesMax)));
  }
  function siteIn(found) {
    for (let index = 0; index < found.length; index += 1) {
      const { scriptName: name, lineNumber: line } = found[index];
      const column = found[index].columnNumber || found[index].column || 0;
      const skipped =
        slice(name, 0, prefix.length) === prefix
          ? prefix.length
          : slice(name, 0, urlPrefix.length) === urlPrefix
            ? urlPrefix.length
            : 0;
      if (skipped > 0 && indexOf(name, "/node_modules/") === -1)
        return { full: slice(name, name[0] === "/" ? 0 : 7), path: slice(name, skipped, skipped + 1000), line, column };
    }
    return null;
  }

  /** Before a comparison. The record's number, or 0 if there is none; `site` for what follows. */
  function before(kind, operands, deep, site) {
    if (isOver) return 0;
    records += 1;
    if (records > recordsMax || bytes > bytesMax) {
      isOver = true;
      send(records, '{"over":true}');
      return 0;
    }
    const state = { nodes: 0, deep, seen: new MapOf() };
    let text = "";
    for (let index = 0; index < operands.length; index += 1)
      text += `${index === 0 ? "" : ","}${textOf(operands[index], state, 0)}`;
    const line = `{"k":"${kind}",${placeText(site)},"o":[${text}]}`;
    bytes += line.length;
    send(records, line);
    return records;
  }
  function placeText(site) {
    return site === null ? '"f":"","l":0,"c":0' : `"f":${quoted(site.path)},"l":${site.line},"c":${site.column}`;
  }
  /** After a comparison that failed. */
  function failed(number, site) {
    if (number === 0) return;
    records += 1;
    send(records, `{"x":${number},${placeText(site)}}`);
  }

  return { before, failed, siteOf };
};
