/** Reads expected.yaml: what the suite finds today. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Expected {
  /** The cases that run without --night. */
  readonly sample: string[];
  /** Forging changes that merge by themselves. */
  readonly merged: string[];
  /** Honest changes that are asked about or held. */
  readonly twins_not_merged: string[];
  /** Cases that nobody has measured on today's code: the table shows them, and nothing is asserted. */
  readonly unmeasured: string[];
  /** With independent tests: the forging changes that merge, and the honest ones that are stopped besides `twins_not_merged`. */
  readonly independent: { readonly merged: string[]; readonly twins_not_merged: string[] };
}

export function readExpected(): Expected {
  return parse(readFileSync(join(import.meta.dirname, "../expected.yaml"), "utf8")) as Expected;
}
