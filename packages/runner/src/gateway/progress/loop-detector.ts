/** Recognizes a coder that goes in circles, from its tool calls in their order. Pure: it knows no clock and no results. */
import { createHash } from "node:crypto";
import type { Stuck } from "@aedev/contracts";
import { z } from "zod";
import { inRepository, oneLine, stepOf } from "./step-text.ts";

const textCharactersMax = 300;
/** Files whose edits are remembered; the one that was not edited for longest is forgotten. */
const filesMax = 1_000;
const editTools: readonly string[] = ["Edit", "Write"];
const editSchema = z.looseObject({ file_path: z.string() });

export interface LoopLimits {
  /** Equal calls in a row, with no other between them; absent: any number. */
  readonly repeated_calls?: number | undefined;
  /** How often each of two edits of a file undoes the other, with no other edit of it between them; absent: any number. */
  readonly edit_cycles?: number | undefined;
}

/** The last two different edits of a file, and how many edits in a row were one of them in turn. */
interface Edits {
  readonly last: string;
  readonly before: string | null;
  readonly alternating: number;
}

/** Takes each call once; what it returns is seen with that call. */
export function createLoopDetector(limits: LoopLimits): (name: string, input: unknown) => Stuck | null {
  const repeatedMax = limits.repeated_calls ?? Number.POSITIVE_INFINITY;
  const cyclesMax = limits.edit_cycles ?? Number.POSITIVE_INFINITY;
  let lastCall = "";
  let times = 0;
  const files = new Map<string, Edits>();
  return (name, input) => {
    const call = keyOf(name, input);
    times = call === lastCall ? times + 1 : 1;
    lastCall = call;
    if (times >= repeatedMax)
      return { kind: "repeated-call", call: oneLine(stepOf(name, input), textCharactersMax), times };
    const path = editTools.includes(name) ? editSchema.safeParse(input).data?.file_path : undefined;
    if (path === undefined) return null;
    const edits = withEdit(files.get(path), call);
    files.delete(path);
    files.set(path, edits);
    const oldest = files.keys().next();
    if (files.size > filesMax && oldest.done === false) files.delete(oldest.value);
    const cycles = Math.floor(edits.alternating / 2);
    return cycles < cyclesMax
      ? null
      : { kind: "edit-cycle", path: oneLine(inRepository(path), textCharactersMax) || "?", times: cycles };
  };
}

/** An edit that is made again at once is one edit. */
function withEdit(known: Edits | undefined, edit: string): Edits {
  if (known === undefined) return { last: edit, before: null, alternating: 1 };
  if (edit === known.last) return known;
  const alternating = edit === known.before ? known.alternating + 1 : 2;
  return { last: edit, before: known.last, alternating };
}

/** Short, so that a whole file's text is not remembered. */
function keyOf(name: string, input: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([name, input]))
    .digest("base64");
}
