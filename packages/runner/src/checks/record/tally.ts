/**
 * Reads the assertions that one command's processes wrote (SECURITY T26): how often each place asserted and failed, and which assertions passed although their
 * operands say otherwise. Every line is hostile; memory and work are bounded. Pure.
 */
import { parseJson } from "@aedev/host/parse-json";
import { demandedOutcome, isHidden } from "./compare.ts";
import { messageSchema, type RecordMessage } from "./operand.ts";

const bytesMax = 64 * 1024 * 1024;
const recordsMax = 250_000;
const sitesMax = 50_000;
const refutedMax = 100;
const openMax = 2000;
const messageCharsMax = 256 * 1024;
const partsMax = 100;
const openPartsMax = 1000;
const lineCharsMax = 8192;

/** A place in the repository's code that asserts; `path` is empty if unknown. */
export interface Site {
  path: string;
  line: number;
  column: number;
  calls: number;
  failures: number;
  /** Calls with a value that compares by its own code. */
  hidden: number;
}
export interface Tally {
  sites: readonly Site[];
  /** Assertions that passed although their operands say that they must fail, as `path:line:column kind`. */
  refuted: readonly string[];
  recorded: number;
  /** Assertions whose outcome the operands confirm. */
  agreed: number;
  /** True if more assertions were made than we read, by one process or in total. Then low counts prove nothing. */
  isOver: boolean;
  /** True if the record can't be read. */
  isBroken: boolean;
}

export interface TallyReader {
  take(bytes: Buffer): void;
  tally(): Tally;
}

interface State {
  sites: Map<string, Site>;
  /** Assertions that should fail, until the process says that they did. */
  open: Map<string, string>;
  refuted: Set<string>;
  parts: Map<string, { text: string; next: number }>;
  recorded: number;
  agreed: number;
  isOver: boolean;
  isBroken: boolean;
}

export function tallyReader(): TallyReader {
  const state: State = {
    sites: new Map(),
    open: new Map(),
    refuted: new Set(),
    parts: new Map(),
    recorded: 0,
    agreed: 0,
    isOver: false,
    isBroken: false,
  };
  let rest = "";
  let bytes = 0;
  let isFull = false;
  return {
    take(chunk) {
      bytes += chunk.length;
      isFull ||= bytes > bytesMax || state.recorded > recordsMax;
      // A process that reaches its bound stops writing; the others are still read.
      if (isFull) return;
      const lines = `${rest}${chunk.toString("latin1")}`.split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > lineCharsMax) {
        state.isBroken = true;
        rest = "";
      }
      for (const line of lines) takeLine(line, state);
    },
    tally() {
      return {
        sites: [...state.sites.values()],
        refuted: [...new Set([...state.refuted, ...state.open.values()])].slice(0, refutedMax),
        recorded: state.recorded,
        agreed: state.agreed,
        isOver: state.isOver || isFull,
        isBroken: state.isBroken,
      };
    },
  };
}

/** Reads `writer number part parts text`. A message comes in parts, because only short writes of several processes don't mix. */
function takeLine(line: string, state: State): void {
  const found = /^([\w.]{1,80}) (\d{1,9}) (\d{1,3}) (\d{1,3}) (.*)$/su.exec(line);
  if (found === null) {
    state.isBroken = true;
    return;
  }
  const [, writer = "", number = "", part = "", parts = "", text = ""] = found;
  const key = `${writer} ${number}`;
  const known = state.parts.get(key) ?? { text: "", next: 0 };
  state.parts.delete(key);
  if (Number(part) !== known.next || Number(parts) > partsMax || known.text.length > messageCharsMax) {
    state.isBroken = true;
    return;
  }
  const whole = { text: known.text + text, next: known.next + 1 };
  // A killed process leaves a message without its end.
  if (state.parts.size >= openPartsMax) state.parts.clear();
  if (whole.next < Number(parts)) state.parts.set(key, whole);
  else takeMessage(whole.text, { writer, number: Number(number) }, state);
}

function takeMessage(text: string, from: { writer: string; number: number }, state: State): void {
  const message = messageOf(text);
  if (message === null) state.isBroken = true;
  else if ("over" in message) state.isOver = true;
  else if ("x" in message) takeFailure(message, from.writer, state);
  else takeAssertion(message, from, state);
}

function messageOf(text: string): RecordMessage | null {
  try {
    return messageSchema.safeParse(parseJson(text)).data ?? null;
  } catch (error) {
    // The message is nested too deep for the stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function takeAssertion(
  message: Extract<RecordMessage, { k: string }>,
  { writer, number }: { writer: string; number: number },
  state: State,
): void {
  state.recorded += 1;
  const site = siteOf(message, state);
  if (site !== null) site.calls += 1;
  const outcome = demandedOutcome(message.k, message.o);
  if (site !== null && outcome === "unknown" && message.o.some((operand) => isHidden(operand, message.k)))
    site.hidden += 1;
  if (outcome === "pass") state.agreed += 1;
  if (outcome !== "fail") return;
  if (state.open.size >= openMax) closeOldest(state);
  state.open.set(`${writer} ${number}`, `${message.f}:${message.l}:${message.c} ${message.k}`);
}

/** Settles the oldest open assertion as passed, because a failure would have been reported by now. */
function closeOldest(state: State): void {
  for (const [key, text] of state.open) {
    state.open.delete(key);
    if (state.refuted.size < refutedMax) state.refuted.add(text);
    return;
  }
}

function takeFailure(message: Extract<RecordMessage, { x: number }>, writer: string, state: State): void {
  const site = siteOf(message, state);
  if (site !== null) site.failures += 1;
  if (state.open.delete(`${writer} ${message.x}`)) state.agreed += 1;
}

function siteOf({ f: path, l: line, c: column }: { f: string; l: number; c: number }, state: State): Site | null {
  const key = `${line}:${column} ${path}`;
  const known = state.sites.get(key);
  if (known !== undefined) return known;
  if (state.sites.size >= sitesMax) {
    state.isOver = true;
    return null;
  }
  const site = { path, line, column, calls: 0, failures: 0, hidden: 0 };
  state.sites.set(key, site);
  return site;
}
