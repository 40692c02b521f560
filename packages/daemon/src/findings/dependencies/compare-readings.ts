/** Compares the two versions of a manifest or lockfile by the packages that they name. Pure. */
import type { PackageEcosystem } from "@aedev/contracts";
import { z } from "zod";
import { newPackage } from "./formats.ts";
import type { FileContent, NamedPackage } from "./readers/reading.ts";
import { rangeStep, versionStep } from "./version-distance.ts";

const moveSchema = z.strictObject({
  name: z.string(),
  from: z.string(),
  to: z.string(),
  step: z.enum(["patch", "minor", "major", "back", "unclear"]),
  source: z.string(),
  hashes: z.array(z.string()).readonly(),
});
/** What a file's two versions differ in. */
export const fileComparisonSchema = z.strictObject({
  role: z.enum(["manifest", "lockfile"]),
  ecosystem: z.custom<PackageEcosystem>((value) => typeof value === "string"),
  /** Nothing changes but versions of packages that both versions name, and their hashes. */
  isWhole: z.boolean(),
  /** Changes that a person should look at, with the reason; and those without a reason. */
  changes: z.array(
    z.strictObject({
      name: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      suspicious: z.string().nullable(),
    }),
  ),
  /** Known packages at another version. */
  moves: z.array(moveSchema),
  /** Names in the new version whose range or version changed, and those with the same. */
  changed: z.array(z.string()),
  kept: z.array(z.string()),
});
export type FileComparison = z.infer<typeof fileComparisonSchema>;
export type Move = z.infer<typeof moveSchema>;

export function compareReadings(old: FileContent, young: FileContent): FileComparison {
  const { ecosystem, role } = young;
  const isRestEqual = old.rest === young.rest;
  const found = role === "manifest" ? compareRanges(old, young) : compareLocked(old, young);
  const isWhole = isRestEqual && found.changes.every(({ from, to }) => from !== null && to !== null);
  const names = [...new Set(young.packages.map(({ name }) => name))];
  const changed = new Set(found.changes.map(({ name }) => name));
  const rest: FileComparison["changes"] = isRestEqual
    ? []
    : [{ name: "*", from: null, to: null, suspicious: "more than versions of packages changes" }];
  return {
    ...{ role, ecosystem, isWhole, changes: [...found.changes, ...rest], moves: found.moves },
    changed: names.filter((name) => changed.has(name)),
    kept: names.filter((name) => !changed.has(name)),
  };
}

type Found = Pick<FileComparison, "changes" | "moves">;

function byName(packages: readonly NamedPackage[]): Map<string, NamedPackage[]> {
  return Map.groupBy(packages, ({ name }) => name);
}

function compareRanges(old: FileContent, young: FileContent): Found {
  const [before, after] = [byName(old.packages), byName(young.packages)];
  const found: Found = { changes: [], moves: [] };
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(name) ?? [], after.get(name) ?? []];
    if (was.length !== is.length) {
      const [from, to] = [was, is].map((list) => list.map(({ version }) => version).join(", ") || null);
      const why = was.length === 0 ? newPackage : is.length === 0 ? "removed package" : "asked for in other places";
      found.changes.push({ name, from: from ?? null, to: to ?? null, suspicious: why });
      continue;
    }
    was.forEach((one, index) => {
      const other = is[index];
      if (other === undefined) return;
      const problem = other.problem === one.problem ? null : other.problem;
      const isSame = one.version === other.version;
      const isNewHash = !hasNoNewHash(one, other);
      const hash = isSame && isNewHash ? otherHash(one, other) : null;
      if (isSame && problem === null && !isNewHash) return;
      const move = isSame
        ? { step: "patch" as const, from: one.version, to: other.version }
        : rangeStep(one.version, other.version);
      const form = move.step === "unclear" ? "the new range has another form, or is no release" : null;
      const why = [problem, hash, form, other.problem].find((reason) => reason !== null) ?? null;
      found.changes.push({ name, from: one.version, to: other.version, suspicious: why });
      found.moves.push({ name, ...move, source: other.source, hashes: [...other.hashes] });
    });
  }
  return found;
}

/** More hashes for the same version are compared with the registry's; others are suspicious. */
function otherHash(one: NamedPackage, other: NamedPackage): string | null {
  return one.hashes.length > 0 && one.hashes.every((hash) => other.hashes.includes(hash))
    ? null
    : "different integrity hash for the same version";
}

/** Fewer hashes of a version allow nothing new. */
function hasNoNewHash(one: NamedPackage, other: NamedPackage): boolean {
  return (
    other.hashes.every((hash) => one.hashes.includes(hash)) && (other.hashes.length > 0 || one.hashes.length === 0)
  );
}

function compareLocked(old: FileContent, young: FileContent): Found {
  const [before, after] = [byName(old.packages), byName(young.packages)];
  const sources = new Set(old.packages.map(({ source }) => source));
  const hasHashes = old.packages.length === 0 || old.packages.some(({ hashes }) => hashes.length > 0);
  const isWeak = ({ hashes }: NamedPackage) => hashes.some((hash) => hash.startsWith("sha1"));
  const wasWeak = old.packages.some(isWeak);
  const found: Found = { changes: [], moves: [] };
  for (const [name, list] of before)
    if (!after.has(name))
      found.changes.push({ name, from: list[0]?.version ?? null, to: null, suspicious: "removed package" });
  for (const [name, list] of after) {
    const known = before.get(name) ?? [];
    for (const one of list) {
      const same = known.find(({ version }) => version === one.version);
      if (same !== undefined && isEqual(same, one)) continue;
      const from = same ?? nearest(known, one.version);
      const problems = [
        ...(known.length === 0 ? [newPackage] : []),
        ...(one.problem === null ? [] : [one.problem]),
        ...(sources.has(one.source) ? [] : [`new source ${one.source}`]),
        ...(hasHashes && one.hashes.length === 0 ? ["missing integrity"] : []),
        ...(isWeak(one) && !wasWeak ? ["weak integrity"] : []),
        ...(same !== undefined && same.hashes.join() !== one.hashes.join() ? [otherHash(same, one)] : []),
        ...(same !== undefined && same.source !== one.source ? ["changed source"] : []),
      ].filter((problem) => problem !== null);
      const suspicious = problems.length === 0 ? null : problems.join("; ");
      found.changes.push({ name, from: from?.version ?? null, to: one.version, suspicious });
      if (from === undefined) continue;
      const step = versionStep(from.version, one.version);
      found.moves.push({
        name,
        from: from.version,
        to: one.version,
        step,
        source: one.source,
        hashes: [...one.hashes],
      });
    }
  }
  return found;
}

function isEqual(one: NamedPackage, other: NamedPackage): boolean {
  return one.source === other.source && one.problem === other.problem && hasNoNewHash(one, other);
}

/** The known version that `version` most likely replaces: the one with the smallest step. */
function nearest(known: readonly NamedPackage[], version: string): NamedPackage | undefined {
  const order = ["patch", "minor", "major", "back", "unclear"];
  const worth = (one: NamedPackage) => order.indexOf(versionStep(one.version, version));
  return known.toReversed().sort((one, other) => worth(one) - worth(other))[0];
}
