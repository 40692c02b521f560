/**
 * A proof shows one thing about a change by running it. `proofs.ts` lists all of them; each is made in one file.
 *
 * Folder: what a proof is, and what it is given.
 */
import type {
  IndependentTests,
  MutationSample,
  OutsideReplay,
  Provenness,
  RunChecks,
  SecondImplementation,
  TestMatrix,
  TestProvenness,
  WatchedPaths,
} from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";

/** The change as trees of files, and how commands run on them. */
export interface CheckedChange {
  readonly work: RunChecks;
  readonly checkContext: CheckContext;
  readonly base: CheckEntries;
  /** New tests on new code: the base with the patch, except that control files and package.json's control keys are the base's. */
  readonly candidate: CheckEntries;
  /** The base with the whole patch; null if the patch changes no control file. */
  readonly ownControl: CheckEntries | null;
  readonly isControl: (path: string) => boolean;
  /** Fetched files that a build of any other tree than the base's has changed so far. */
  readonly strayWrites: ReadonlySet<string>;
  /** Reads the trees of another patch with the same objects. Throws a Fault if the patch can't be read or applied. */
  readonly readSides: (
    other: Pick<RunChecks, "base_commit" | "patch">,
  ) => Promise<{ base: CheckEntries; candidate: CheckEntries }>;
}

/** A change after its tests ran. */
export interface TestedChange extends Pick<CheckedChange, "checkContext" | "base" | "candidate"> {
  readonly matrix: TestMatrix;
  /** The files that the base's checks used; null if they could not be watched. */
  readonly watched: WatchedPaths | null;
  readonly provenness: TestProvenness;
  /** The tree of old tests on new code; null if nothing ran. */
  readonly oldTests: CheckEntries | null;
  /** True for tests' code outside the test globs: control files, and files that only tests use. */
  readonly isTestCode: (path: string) => boolean;
}

/** Entries of the evidence bundle; a null entry is left out. */
export type EvidenceEntries = Partial<{
  "test-matrix": TestMatrix;
  "watched-paths": WatchedPaths | null;
  provenness: Provenness;
  replay: OutsideReplay;
  "independent-tests": IndependentTests | null;
  /** Stored as text; every other entry is stored as JSON. */
  "independent-sources": string | null;
  "second-implementation": SecondImplementation | null;
  "mutation-sample": MutationSample | null;
}>;

/** `prove` gets the results of the proofs that it `needs`, under the same names. A Fault that it throws holds the task. */
export interface Proof<Needs extends Needed, Found> {
  readonly name: string;
  readonly needs: Needs;
  prove(change: CheckedChange, found: FoundBy<Needs>, context: RunnerContext): Promise<Found>;
  /** The entries of the bundle; omitted if only other proofs use the result. */
  evidence?(found: Found): EvidenceEntries;
}
export interface AnyProof {
  readonly name: string;
  readonly needs: Needed;
  prove(change: CheckedChange, found: never, context: RunnerContext): Promise<unknown>;
  evidence?(found: never): EvidenceEntries;
}
type Needed = Readonly<Record<string, AnyProof>>;
type FoundBy<Needs extends Needed> = { readonly [Name in keyof Needs]: Awaited<ReturnType<Needs[Name]["prove"]>> };

/** Declares a proof; it exists only for the compiler. */
export function proof<const Needs extends Needed, Found>(declared: Proof<Needs, Found>): Proof<Needs, Found> {
  return declared;
}

/** Makes each proof once, in this order, after the proofs that it needs. No two proofs make the same entry of the bundle. */
export async function prove(
  proofs: readonly AnyProof[],
  change: CheckedChange,
  context: RunnerContext,
): Promise<EvidenceEntries> {
  const made = new Map<AnyProof, unknown>();
  const make = async (one: AnyProof): Promise<unknown> => {
    if (made.has(one)) return made.get(one);
    const needed: Record<string, unknown> = {};
    for (const [name, other] of Object.entries(one.needs)) needed[name] = await make(other);
    const found = await one.prove(change, needed as never, context);
    made.set(one, found);
    return found;
  };
  let evidence: EvidenceEntries = {};
  for (const one of proofs) {
    const found = await make(one);
    const own = one.evidence?.(found as never) ?? {};
    const twice = Object.keys(own).find((name) => name in evidence);
    if (twice !== undefined) throw new Error(`two proofs make the entry ${twice}; the second is ${one.name}`);
    evidence = { ...evidence, ...own };
  }
  return evidence;
}
