/** Reads expected.yaml, the suite's current results. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Expected {
  /** The cases that run without --night. */
  readonly sample: string[];
  /** Forging changes that merge without a person. */
  readonly merged: string[];
  /** Honest changes that are asked about or held. */
  readonly twins_not_merged: string[];
  /** Cases not yet measured on today's code: the table shows them, and nothing is asserted about them. */
  readonly unmeasured: string[];
  /** With independent tests: forging changes that merge, and honest ones that are stopped in addition to `twins_not_merged`. */
  readonly independent: { readonly merged: string[]; readonly twins_not_merged: string[] };
}

export function readExpected(): Expected {
  return parse(readFileSync(join(import.meta.dirname, "../expected.yaml"), "utf8")) as Expected;
}
