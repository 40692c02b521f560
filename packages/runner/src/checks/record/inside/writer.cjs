/**
 * Runs inside every Node process of a guarded command, before any code of the repository (SECURITY T26): writes what each assertion compares to a
 * pipe of ours before it is compared, and whether it failed. It uses only its own copies of what it needs, calls no code of the values, and must
 * not change what a test sees. `channel`: the pipe's path; `checkout`: the folder whose files can be named.
 */
(require, { channel, checkout }, { quoted, operandsText }) => {
  const fs = require("node:fs");
  const util = require("node:util");
  const { openSync, writeSync, closeSync } = fs;
  const { getOwnPropertyDescriptor, defineProperty } = Object;
  const { captureStackTrace } = Error;
  const ErrorOf = Error;
  const { ceil } = Math;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const slice = uncurry(String.prototype.slice);
  const indexOf = uncurry(String.prototype.indexOf);
  const hex = uncurry(Number.prototype.toString);
  const { O_WRONLY, O_NONBLOCK } = fs.constants;

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
    const line = `{"k":"${kind}",${placeText(site)},"o":[${operandsText(operands, deep)}]}`;
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
