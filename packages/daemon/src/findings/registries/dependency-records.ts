/**
 * Compares the packages that a change moves with their registries (ADR 0052). Registries are asked in a child process, only those of `prepare.registries`,
 * and no address from a repository decides where a request goes.
 *
 * Folder: what package registries say about changed dependencies.
 */
import { fileURLToPath } from "node:url";
import {
  counted,
  type DependencyRecord,
  type DependencyRecords,
  type PackageEcosystem,
  type Registry,
  recordedPackagesMax,
} from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { FileComparison, Move } from "../dependencies/compare-readings.ts";
import { type DependencyFile, lockfilesOf, manifestsOf } from "../dependencies/dependency-changes.ts";
import { worstStep } from "../dependencies/version-distance.ts";
import {
  type AskedEcosystem,
  type Facts,
  isUnconfirmed,
  type RegistryAnswer,
  type RegistryQuestion,
  unconfirmed,
} from "./facts.ts";

const bounds = { timeoutMs: 120_000, memoryMegabytes: 1024, answerBytesMax: 8 * 1024 * 1024 };
const dayMs = 86_400_000;

interface Place {
  readonly origin: string;
  /** Where archives are, if not there. */
  readonly archives?: string;
  /** What a lockfile calls this registry. */
  readonly known: readonly string[];
}
/** Each ecosystem's own registry, for files that don't name one. */
export const ownRegistries: Readonly<Record<AskedEcosystem, Place>> = {
  npm: { origin: "https://registry.npmjs.org", known: [] },
  pypi: { origin: "https://pypi.org", known: ["https://pypi.org", "https://files.pythonhosted.org"] },
  crates: { origin: "https://index.crates.io", archives: "https://static.crates.io", known: [] },
};

export interface RecordsInput {
  readonly files: readonly DependencyFile[];
  readonly comparisons: ReadonlyMap<string, FileComparison>;
  /** The operator's. */
  readonly registries: readonly Registry[];
  readonly now: Date;
  /** Other registries than the ecosystems' own, for tests. */
  readonly own?: Partial<typeof ownRegistries>;
}

const factsSchema = z.strictObject({
  released: z.string().nullable(),
  hashes: z.array(z.string()).nullable(),
  installScript: z.boolean().nullable(),
  licence: z.string().nullable(),
  withdrawn: z.string().nullable(),
  requires: z.array(z.string()).nullable(),
});
const answersSchema = z.array(
  z.union([z.strictObject({ versions: z.record(z.string(), factsSchema) }), z.strictObject({ why: z.string() })]),
);

interface Moved extends Move {
  readonly file: string;
  readonly ecosystem: PackageEcosystem;
  /** Whether a manifest asks for another version; true for a manifest's own. */
  readonly isAskedFor: boolean;
}

/** Null if no manifest or lockfile that a reader knows changes. */
export async function deriveDependencyRecords(input: RecordsInput): Promise<DependencyRecords | null> {
  const { files, comparisons } = input;
  const changed = files.filter(({ path, before, after }) => before !== after && comparisons.has(path));
  if (changed.length === 0) return null;
  const whole = changed.map(({ path }) => path).filter((path) => comparisons.get(path)?.isWhole === true);
  const moved = changed.flatMap(({ path }) => movesOf(path, input));
  const [kept, rest] = [moved.slice(0, recordedPackagesMax - 1), moved.length - recordedPackagesMax + 1];
  const answers = await ask(kept, input);
  const required = requiredOf(kept, answers);
  const packages = kept.map((one) => recordOf(one, { required, answers, now: input.now }));
  if (rest > 0)
    packages.push({ ...unknownRecord, name: "*", unknown: `${counted(rest, "more package")} not compared` });
  return { files: whole.slice(0, 2000), packages };
}

/** A lockfile's moves; a manifest's unless each lockfile that fixes its packages moves the package. */
function movesOf(path: string, { files, comparisons }: RecordsInput): Moved[] {
  const comparison = comparisons.get(path);
  if (comparison === undefined) return [];
  const { role, ecosystem, moves } = comparison;
  const locks = lockfilesOf(path, files).map((lockfile) => comparisons.get(lockfile)?.moves ?? []);
  const isLocked = (name: string) => locks.length > 0 && locks.every((lock) => lock.some((one) => one.name === name));
  const manifests = role === "manifest" ? [] : manifestsOf(path, { files, comparisons });
  const asked = new Set(manifests.flatMap((one) => one.changed));
  const ranges = manifests.flatMap((one) => one.moves);
  return moves
    .filter(({ name }) => !isLocked(name))
    .map((move) => ({
      ...{ ...move, file: path, ecosystem },
      step: worstStep([move.step, ...ranges.filter(({ name }) => name === move.name).map(({ step }) => step)]),
      isAskedFor: role === "manifest" || asked.has(move.name),
    }));
}

type Answers = ReadonlyMap<string, RegistryAnswer>;
type Required = ReadonlyMap<Moved, boolean | null>;

const keyOf = ({ ecosystem, name, source }: Moved) => JSON.stringify([ecosystem, name, source]);

async function ask(moved: readonly Moved[], input: RecordsInput): Promise<Answers> {
  const answers = new Map<string, RegistryAnswer>();
  const questions = new Map<string, RegistryQuestion>();
  for (const [key, [first, ...more] = []] of Map.groupBy(moved, keyOf)) {
    if (first === undefined) continue;
    const found = registryOf(first, input);
    if (typeof found === "string") answers.set(key, { why: found });
    else {
      const versions = [...new Set([first, ...more].flatMap(({ from, to }) => [from, to]))];
      questions.set(key, { name: first.name, versions, ...found });
    }
  }
  if (questions.size === 0) return answers;
  const script = fileURLToPath(new URL("./registry-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(script, [...questions.values()], bounds);
  const { data = [] } = answersSchema.safeParse(parseJson(stdout));
  const silent = end === "timeout" ? "it did not answer in time" : "its answers could not be read";
  for (const [index, [key, { registry }]] of [...questions].entries()) {
    const answer = data[index] ?? { why: silent };
    answers.set(
      key,
      "why" in answer ? { why: `its registry ${originOf(registry)} could not be asked: ${answer.why}` } : answer,
    );
  }
  return answers;
}

/** The registry that has a package, or why it can't be asked. */
function registryOf(
  moved: Moved,
  input: RecordsInput,
): Pick<RegistryQuestion, "ecosystem" | "registry" | "archives"> | string {
  const { ecosystem } = moved;
  if (isUnconfirmed(ecosystem)) return `aedev can't confirm it: ${unconfirmed[ecosystem]}`;
  const place = { ...ownRegistries, ...input.own }[ecosystem];
  const isOwn = moved.source.split(" ").every((one) => one === "" || place.known.includes(one));
  if (!isOwn && ecosystem !== "npm") return `it comes from ${moved.source.slice(0, 200)}, which aedev can't ask`;
  const origin = isOwn
    ? ((ecosystem === "npm" ? chosenRegistry(moved, input.files) : null) ?? place.origin)
    : moved.source;
  const find = (wanted: string) => input.registries.find((registry) => originOf(registry) === wanted);
  const registry = find(origin);
  if (registry === undefined)
    return `its registry ${origin.slice(0, 200)} is not in prepare.registries of config.yaml, so nobody was asked about it`;
  return { ecosystem, registry, archives: place.archives === undefined ? null : (find(place.archives) ?? null) };
}

/** The registry that the base's .npmrc names for a package without an address; null: none. */
function chosenRegistry({ file, name }: Moved, files: readonly DependencyFile[]): string | null {
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const scope = name.startsWith("@") ? `${name.split("/")[0]}:registry` : "registry";
  for (const key of [scope, "registry"])
    for (const path of [`${folder}.npmrc`, ".npmrc"]) {
      const lines = (files.find((one) => one.path === path)?.before ?? "").split(/\r?\n/);
      const values = lines.map((line) => line.split("=")).filter(([one = ""]) => one.trim() === key);
      const address = values.at(-1)?.slice(1).join("=").trim();
      if (address !== undefined) return URL.parse(address)?.origin ?? address;
    }
  return null;
}

function originOf({ host, port, secure }: Registry): string {
  return `${secure ? "https" : "http"}://${host}${port === (secure ? 443 : 80) ? "" : `:${port}`}`;
}

const unknownRecord: DependencyRecord = {
  ...{ file: "*", name: "*", from: "", to: "", step: "unclear", age_days: null, hash: null },
  ...{ new_install_script: null, licence: [null, null], withdrawn: null, required: null, unknown: null },
};

function recordOf(
  one: Moved,
  { required, answers, now }: { required: Required; answers: Answers; now: Date },
): DependencyRecord {
  const { file, name, from, to, step } = one;
  const known = { ...unknownRecord, file, name, from, to, step };
  const answer = answers.get(keyOf(one)) ?? { why: "its registry was not asked" };
  if ("why" in answer) return { ...known, unknown: answer.why.slice(0, 300) };
  const [old, young] = [factsAt(answer, from), factsAt(answer, to)];
  if (young === null) return { ...known, unknown: "its registry has no such version" };
  const released = Date.parse(young.released ?? "");
  return {
    ...known,
    age_days: Number.isNaN(released) ? null : Math.max(0, Math.floor((now.getTime() - released) / dayMs)),
    hash: hashOf(one, young),
    new_install_script: young.installScript === null ? null : young.installScript && old?.installScript !== true,
    licence: [old?.licence ?? null, young.licence],
    withdrawn: young.withdrawn,
    required: required.get(one) ?? null,
  };
}

function factsAt(answer: RegistryAnswer, version: string): Facts | null {
  return "versions" in answer && Object.hasOwn(answer.versions, version) ? (answer.versions[version] ?? null) : null;
}

/** Each hash must be the registry's. A later Yarn compares its own hashes with what it downloads, so there is nothing to compare here. */
function hashOf({ hashes }: Moved, { hashes: known }: Facts): DependencyRecord["hash"] {
  const foreign = hashes.filter((hash) => !hash.startsWith("own:"));
  if (foreign.length === 0) return "none";
  if (known === null) return null;
  return foreign.every((hash) => known.includes(hash)) ? "equal" : "other";
}

/**
 * Whether a manifest asks for another version, or a package of the same file that moves and is itself required needs this one. Null: no
 * such package is known to, and the registry does not tell what one of them needs.
 */
function requiredOf(moved: readonly Moved[], answers: Answers): Required {
  const needsOf = (one: Moved) => factsAt(answers.get(keyOf(one)) ?? { why: "" }, one.to)?.requires ?? null;
  const required = new Map<Moved, boolean | null>();
  for (const inFile of Map.groupBy(moved, ({ file }) => file).values()) {
    const reached = new Set(inFile.filter(({ isAskedFor }) => isAskedFor));
    let isUnknown = false;
    // The loop also visits what it adds.
    for (const one of reached) {
      const needs = needsOf(one);
      isUnknown ||= needs === null;
      for (const other of inFile) if (needs?.includes(other.name)) reached.add(other);
    }
    for (const one of inFile) required.set(one, reached.has(one) || (isUnknown ? null : false));
  }
  return required;
}
