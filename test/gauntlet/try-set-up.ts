/**
 * Tries a set-up run on one repository of the gauntlet that is not green by rules alone: `aedev repo add --set-up-run` with every proposal accepted. The
 * coder's result comes from a list; the coder's CLI, its sandbox, the fetch step and the deciding trial are real.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SetUpProposal, setUpProposalSchema } from "@aedev/contracts";
import { parse } from "yaml";
import { Laboratory } from "../support/laboratory.ts";
import { turnsOf } from "../support/scripted-change.ts";
import { cloneAt } from "./clone.ts";
import type { Listed } from "./read-list.ts";
import { oneLine, passedTests } from "./try-repository.ts";

export interface SetUpResult {
  readonly listed: Listed;
  /** `no-clone`: files of the listed commit are missing. */
  readonly outcome: "green" | "not-green" | "no-clone";
  /** Why it is not green, in one line; empty if it is. */
  readonly cause: string;
  readonly tests: number;
  readonly seconds: number;
}

/** A coder's result for each repository, by address. Throws on any form that a set-up run would refuse. */
export function readProposals(text: string): ReadonlyMap<string, SetUpProposal> {
  const rows: unknown = parse(text);
  if (!Array.isArray(rows)) throw new Error("the proposals are not a list");
  return new Map(
    rows.map((row: unknown): [string, SetUpProposal] => {
      const { address, proposal, ...more } = row as Readonly<Record<string, unknown>>;
      if (typeof address !== "string" || Object.keys(more).length > 0)
        throw new Error("a row is not an address and a proposal");
      return [address, setUpProposalSchema.parse(proposal)];
    }),
  );
}

export async function trySetUp(
  listed: Listed,
  { from, proposal }: { from: string | null; proposal: SetUpProposal },
): Promise<SetUpResult> {
  const folder = mkdtempSync(join(tmpdir(), "gauntlet-"));
  try {
    const clone = join(folder, `${listed.name}.git`);
    const cloned = await cloneAt(listed, clone, from);
    if (cloned.kind === "lost") return { listed, outcome: "no-clone", cause: cloned.why, tests: 0, seconds: 0 };
    await using laboratory = await Laboratory.open({ folder: mkdtempSync(join(folder, "lab-")) });
    await laboratory.must("daemon", "start");
    const input = { file_path: "/workspace/aedev-set-up.json", content: JSON.stringify(proposal) };
    laboratory.models.coder = { "Set up a repository": turnsOf({ tool: "Write", input }) };
    const started = performance.now();
    const added = await laboratory.runLong("repo", "add", clone, "--set-up-run", "--yes", "--json");
    const seconds = Math.round((performance.now() - started) / 1000);
    return { listed, seconds, ...setUpReading(added) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Progress comes first in the errors, and the cause last. */
const errorsMax = 550;

/** Reads the output of `repo add --json`. From a set-up run it saves only settings that were green in their own trial. */
export function setUpReading(added: { exitCode: number; stdout: string; stderr: string }) {
  const saved = added.exitCode === 0 ? (JSON.parse(added.stdout) as Saved) : {};
  const tests = passedTests(saved.tried?.commands ?? []);
  if (saved.set_up_run != null && saved.trial === "green" && tests > 0)
    return { outcome: "green", cause: "", tests } as const;
  return {
    outcome: "not-green",
    cause: oneLine(`${saved.trial ?? ""} ${added.stderr.slice(-errorsMax)}`),
    tests,
  } as const;
}

interface Saved {
  readonly trial?: string;
  readonly set_up_run?: object | null;
  readonly tried?: { readonly commands: readonly { readonly tests: { readonly passed: number } | null }[] } | null;
}

export function setUpRowText({ listed, outcome, cause, tests, seconds }: SetUpResult): string {
  const end = outcome === "green" ? `green after a set-up run, ${tests} tests` : `${outcome}: ${cause}`;
  return `${listed.name} (${listed.kind}): ${end}, ${seconds} s`;
}

export function setUpTotalsText(results: readonly SetUpResult[]): string {
  const tried = results.filter(({ outcome }) => outcome !== "no-clone");
  const green = tried.filter(({ outcome }) => outcome === "green");
  return `${green.length} of ${tried.length} green after a scripted set-up run`;
}
