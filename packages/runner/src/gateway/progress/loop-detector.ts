/** Recognizes a coder that goes in circles, from the order of its tool calls and their results. Pure: it knows no clock. */
import { createHash } from "node:crypto";
import type { Stuck } from "@aedev/contracts";
import { z } from "zod";
import { inRepository, oneLine, stepOf } from "./step-text.ts";

const textCharactersMax = 300;
/** A cycle of several calls shows this many characters of each. */
const cycleCharactersMax = 100;
/** Edits of this many files are remembered; the file edited longest ago is forgotten. */
const filesMax = 1_000;
const editTools: readonly string[] = ["Edit", "Write"];
const editSchema = z.looseObject({ file_path: z.string() });
/** The longest cycle that is recognized, in calls. */
const periodMax = 4;
/** A sequence of calls that occurs twice may be chance. */
const roundsMin = 3;

export interface LoopLimits {
  /** This many equal calls in a row, with equal results, are a loop; absent: none are. A cycle of several calls also needs three rounds. */
  readonly repeated_calls?: number | undefined;
  /** How often two edits of a file may undo each other, without another edit of it between them; absent: any number. */
  readonly edit_cycles?: number | undefined;
}

/** The last two different edits of a file, and the number of edits in a row that alternated between them. */
interface Edits {
  readonly last: string;
  readonly before: string | null;
  readonly alternating: number;
}

interface Call {
  readonly id: string;
  readonly key: string;
  readonly step: string;
  /** Null: unknown; it then equals any result. */
  result: string | null;
}

export interface LoopDetector {
  /** Takes each call once and returns what it shows. `id`: the call's id, to which its result refers. */
  call(id: string, name: string, input: unknown): Stuck | null;
  /** Takes a call's result. Equal results have the same `key`. */
  result(id: string, key: string): void;
}

export function createLoopDetector(limits: LoopLimits): LoopDetector {
  const repeatedMax = limits.repeated_calls ?? Number.POSITIVE_INFINITY;
  const cyclesMax = limits.edit_cycles ?? Number.POSITIVE_INFINITY;
  const roundsOf = (period: number) =>
    period === 1 ? repeatedMax : Math.max(roundsMin, Math.ceil(repeatedMax / period));
  const rememberedMax = Math.min(10_000, periodMax * roundsOf(periodMax) + repeatedMax);
  const calls: Call[] = [];
  const files = new Map<string, Edits>();
  /** The calls of a cycle with this period that has reached its limit; null if there is none. */
  const cycle = (period: number): readonly Call[] | null => {
    const length = period * roundsOf(period);
    if (calls.length < length) return null;
    const newest = calls.slice(-length);
    const isCycle = newest.every((call, index) => {
      const earlier = newest[index - period];
      return earlier === undefined || isSame(earlier, call);
    });
    return isCycle ? newest.slice(0, period) : null;
  };
  const editCycle = (name: string, input: unknown, key: string): Stuck | null => {
    const path = editTools.includes(name) ? editSchema.safeParse(input).data?.file_path : undefined;
    if (path === undefined) return null;
    const edits = withEdit(files.get(path), key);
    files.delete(path);
    files.set(path, edits);
    const oldest = files.keys().next();
    if (files.size > filesMax && oldest.done === false) files.delete(oldest.value);
    const cycles = Math.floor(edits.alternating / 2);
    return cycles < cyclesMax
      ? null
      : { kind: "edit-cycle", path: oneLine(inRepository(path), textCharactersMax) || "?", times: cycles };
  };
  return {
    call(id, name, input) {
      const key = keyOf(name, input);
      const step = stepOf(name, input);
      calls.push({ id, key, step, result: null });
      if (calls.length > rememberedMax) calls.shift();
      if (cycle(1) !== null)
        return { kind: "repeated-call", call: oneLine(step, textCharactersMax), times: repeatedMax };
      const undone = editCycle(name, input, key);
      if (undone !== null) return undone;
      for (let period = 2; period <= periodMax; period += 1) {
        const found = cycle(period);
        if (found !== null && !found.some(isWait)) {
          const row = found.map((one) => oneLine(one.step, cycleCharactersMax));
          return { kind: "call-cycle", calls: row, times: roundsOf(period) };
        }
      }
      return null;
    },
    result(id, key) {
      const call = calls.findLast((one) => one.id === id);
      if (call !== undefined) call.result ??= key;
    },
  };
}

/** Waiting and then looking, repeatedly, is no loop; limits of time bound it. */
function isWait({ step }: Call): boolean {
  return /\bsleep\s+\d|^(?:BashOutput|TaskOutput)\b/u.test(step);
}

/** The newest call has no result yet. */
function isSame(left: Call, right: Call): boolean {
  return left.key === right.key && (left.result === right.result || left.result === null || right.result === null);
}

/** Repeating an edit at once counts as one edit. */
function withEdit(known: Edits | undefined, edit: string): Edits {
  if (known === undefined) return { last: edit, before: null, alternating: 1 };
  if (edit === known.last) return known;
  const alternating = edit === known.before ? known.alternating + 1 : 2;
  return { last: edit, before: known.last, alternating };
}

/** A short key, so that a whole file's text is not kept in memory. */
function keyOf(name: string, input: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([name, input]))
    .digest("base64");
}
