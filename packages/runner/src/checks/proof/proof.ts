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
  /** New tests on new code: the base with the patch, but with the base's control files and the base's control keys in package.json. */
  readonly candidate: CheckEntries;
  /** The base with the whole patch; null if the patch changes no control file. */
  readonly ownControl: CheckEntries | null;
  readonly isControl: (path: string) => boolean;
  /** Fetched files that the build of another tree than the base's wrote so far. */
  readonly strayWrites: ReadonlySet<string>;
  /** The trees of another patch on the same objects. Throws a Fault if it can't be read or applied. */
  readonly readSides: (
    other: Pick<RunChecks, "base_commit" | "patch">,
  ) => Promise<{ base: CheckEntries; candidate: CheckEntries }>;
}

/** A change after its tests ran. */
export interface TestedChange extends Pick<CheckedChange, "checkContext" | "base" | "candidate"> {
  readonly matrix: TestMatrix;
  /** What the base's checks did with files; null if they could not be watched. */
  readonly watched: WatchedPaths | null;
  readonly provenness: TestProvenness;
  /** The tree of old tests on new code; null if nothing ran. */
  readonly oldTests: CheckEntries | null;
  /** Code of tests outside of their globs: control files, and what only tests use. */
  readonly isTestCode: (path: string) => boolean;
}

/** Entries of the evidence bundle; null: left out. */
export type EvidenceEntries = Partial<{
  "test-matrix": TestMatrix;
  "watched-paths": WatchedPaths | null;
  provenness: Provenness;
  replay: OutsideReplay;
  "independent-tests": IndependentTests | null;
  /** Text; everything else is stored as JSON. */
  "independent-sources": string | null;
  "mutation-sample": MutationSample | null;
}>;

/** `prove` is given what the proofs that it `needs` found, under the same names. A Fault that it throws holds the task. */
export interface Proof<Needs extends Needed, Found> {
  readonly name: string;
  readonly needs: Needs;
  prove(change: CheckedChange, found: FoundBy<Needs>, context: RunnerContext): Promise<Found>;
  /** What goes into the bundle; omitted if only other proofs use what was found. */
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

/** Declares a proof; only the compiler needs it. */
export function proof<const Needs extends Needed, Found>(declared: Proof<Needs, Found>): Proof<Needs, Found> {
  return declared;
}

/** Makes each proof once, in this order, and before it the proofs that it needs. An entry of the bundle comes from one proof. */
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
