/** What each registry says about the versions of a package, in one form (ADR 0052). An answer of an unexpected shape counts as unknown. */
import { createHash } from "node:crypto";
import type { PackageEcosystem, Registry } from "@aedev/contracts";
import { parseToml } from "@aedev/host/parse-toml";
import { z } from "zod";
import { get, readTar } from "./get.ts";

/** Null: the registry does not say. */
export interface Facts {
  /** When the registry got it. A time that authors write, such as a commit's, does not count. */
  readonly released: string | null;
  /** Every hash that a file may have for this version. */
  readonly hashes: readonly string[] | null;
  /** Whether it runs a program of its own when it is installed or built. */
  readonly installScript: boolean | null;
  readonly licence: string | null;
  readonly withdrawn: string | null;
  /** The names of the packages that it needs. */
  readonly requires: readonly string[] | null;
}
/** Those whose registry says enough of a release to confirm it. */
export type AskedEcosystem = Exclude<PackageEcosystem, keyof typeof unconfirmed>;

/** Why nobody is asked about a package of the others: their registry could not confirm it. */
export const unconfirmed = {
  go: "Go's registry does not record when it got a release",
  rubygems: "RubyGems does not say whether a release runs a program when it is installed",
  packagist: "Packagist does not record when it got a release",
} as const satisfies Partial<Record<PackageEcosystem, string>>;

export function isUnconfirmed(ecosystem: PackageEcosystem): ecosystem is keyof typeof unconfirmed {
  return Object.hasOwn(unconfirmed, ecosystem);
}

export interface RegistryQuestion {
  readonly ecosystem: AskedEcosystem;
  readonly name: string;
  readonly versions: readonly string[];
  readonly registry: Registry;
  /** Where archives are, if another server has them. */
  readonly archives: Registry | null;
}
export type RegistryAnswer = { readonly versions: Readonly<Record<string, Facts>> } | { readonly why: string };

const nothing: Facts = {
  released: null,
  hashes: null,
  installScript: null,
  licence: null,
  withdrawn: null,
  requires: null,
};
const names: Readonly<Record<AskedEcosystem, RegExp>> = {
  npm: /^(@[\w.~-]+\/)?[\w.~-]+$/,
  pypi: /^[a-z0-9-]+$/,
  crates: /^[\w-]+$/,
};

/** Contract: never throws. Versions that the registry does not have are missing in the answer. */
export async function askRegistry(question: RegistryQuestion): Promise<RegistryAnswer> {
  const { ecosystem, name, versions } = question;
  const isOdd = !names[ecosystem].test(name) || name.includes("..") || versions.some((one) => !/^[\w.+-]+$/.test(one));
  if (isOdd) return { why: "its name or version has an odd form" };
  try {
    return await asking[ecosystem](question);
  } catch (error) {
    // An answer that can't be parsed is no answer.
    return { why: `its answer can't be read: ${error instanceof Error ? error.name : "unknown"}` };
  }
}

const text = z.string();
const table = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const needs = table(z.unknown()).optional().catch(undefined);
const npmSchema = z.object({ time: table(z.unknown()).default({}), versions: table(z.unknown()) });
const npmVersionSchema = z.object({
  dist: z.object({ integrity: text.optional(), shasum: text.optional() }),
  scripts: table(z.unknown()).optional().catch(undefined),
  gypfile: z.unknown().optional(),
  license: z.unknown().optional(),
  deprecated: z.unknown().optional(),
  dependencies: needs,
  optionalDependencies: needs,
  peerDependencies: needs,
});
const pypiSchema = z.object({
  releases: table(
    z.array(
      z.object({
        digests: z.object({ sha256: text }),
        packagetype: text,
        upload_time_iso_8601: text,
        yanked: z.boolean(),
        yanked_reason: text.nullish(),
      }),
    ),
  ),
});
const crateSchema = z.object({
  vers: text,
  cksum: text,
  yanked: z.boolean(),
  pubtime: text.optional(),
  deps: z.array(z.object({ name: text, package: text.nullish() })),
});

type Ask = (question: RegistryQuestion) => Promise<RegistryAnswer>;

const asking: Readonly<Record<AskedEcosystem, Ask>> = {
  npm: async ({ name, versions, registry }) => {
    const got = await get(registry, `/${name.replace("/", "%2f")}`);
    if ("why" in got) return got;
    const { time, versions: all } = npmSchema.parse(JSON.parse(got.body.toString("utf8")));
    return each(versions, (version) => {
      const key = [version, `${version}.0`, `${version}.0.0`].find((one) => Object.hasOwn(all, one));
      if (key === undefined) return null;
      const one = npmVersionSchema.parse(all[key]);
      const scripts = ["preinstall", "install", "postinstall"].some((script) => one.scripts?.[script] !== undefined);
      const required = [one.dependencies, one.optionalDependencies, one.peerDependencies];
      return {
        released: typeof time[key] === "string" ? time[key] : null,
        hashes: [...(one.dist.integrity?.split(/\s+/) ?? []), ...(one.dist.shasum ? [`sha1:${one.dist.shasum}`] : [])],
        installScript: scripts || one.gypfile === true,
        licence: licenceText(one.license),
        withdrawn: one.deprecated ? String(one.deprecated).slice(0, 300) : null,
        requires: required.flatMap((section) => Object.keys(section ?? {})),
      };
    });
  },
  pypi: async ({ name, versions, registry }) => {
    const got = await get(registry, `/pypi/${name}/json`);
    if ("why" in got) return got;
    const { releases } = pypiSchema.parse(JSON.parse(got.body.toString("utf8")));
    return each(versions, (version) => {
      const key = [version, `${version}.0`, `${version}.0.0`].find((one) => Object.hasOwn(releases, one));
      const files = key === undefined ? [] : (releases[key] ?? []);
      const [first] = files.toSorted((one, other) => (one.upload_time_iso_8601 < other.upload_time_iso_8601 ? 1 : -1));
      if (first === undefined) return null;
      const yanked = files.find((file) => file.yanked);
      return {
        ...nothing,
        released: first.upload_time_iso_8601,
        hashes: files.map(({ digests }) => `sha256:${digests.sha256}`),
        // Without a wheel, its own program builds it.
        installScript: !files.some(({ packagetype }) => packagetype === "bdist_wheel"),
        withdrawn: yanked === undefined ? null : (yanked.yanked_reason ?? "yanked").slice(0, 300),
      };
    });
  },
  crates: async ({ name, versions, registry, archives }) => {
    const lower = name.toLowerCase();
    const folder =
      lower.length < 4
        ? `${lower.length}${lower.length === 3 ? `/${lower[0]}` : ""}`
        : `${lower.slice(0, 2)}/${lower.slice(2, 4)}`;
    const got = await get(registry, `/${folder}/${lower}`);
    if ("why" in got) return got;
    const lines = got.body.toString("utf8").split("\n").filter(Boolean);
    const all = lines.map((line) => crateSchema.parse(JSON.parse(line)));
    const found: Record<string, Facts> = {};
    for (const version of versions) {
      const one = all.find(({ vers }) =>
        [vers, vers.replace(/\.0$/, ""), vers.replace(/\.0\.0$/, "")].includes(version),
      );
      if (one === undefined) continue;
      found[version] = {
        released: one.pubtime ?? null,
        hashes: [`sha256:${one.cksum}`],
        withdrawn: one.yanked ? "yanked" : null,
        requires: one.deps.map((needed) => needed.package ?? needed.name),
        ...(await crateContent({ name, version: one.vers, checksum: one.cksum }, archives)),
      };
    }
    return { versions: found };
  },
};

function each(versions: readonly string[], factsOf: (version: string) => Facts | null): RegistryAnswer {
  const found = versions.flatMap((version) => {
    const facts = factsOf(version);
    return facts === null ? [] : [[version, facts] as const];
  });
  return { versions: Object.fromEntries(found) };
}

function licenceText(licence: unknown): string | null {
  if (licence === undefined || licence === null) return null;
  return (typeof licence === "string" ? licence : JSON.stringify(licence)).slice(0, 300);
}

const cargoSchema = z.object({
  package: z.object({ build: z.unknown().optional(), license: text.optional() }),
  lib: z.object({ "proc-macro": z.boolean().optional() }).optional(),
});

/** Crates.io's index says nothing about programs and licences, so the archive is read. */
async function crateContent(
  { name, version, checksum }: { name: string; version: string; checksum: string },
  archives: Registry | null,
): Promise<Pick<Facts, "installScript" | "licence">> {
  const unknown = { installScript: null, licence: null };
  const got = archives === null ? null : await get(archives, `/crates/${name}/${version}/download`);
  if (got === null || "why" in got) return unknown;
  if (createHash("sha256").update(got.body).digest("hex") !== checksum) return unknown;
  const files = readTar(got.body);
  const manifest = files.get(`${name}-${version}/Cargo.toml`)?.toString("utf8") ?? "";
  const parsed = cargoSchema.parse(parseToml(manifest));
  const { build, license } = parsed.package;
  const isBuilt = build !== false && (typeof build === "string" || files.has(`${name}-${version}/build.rs`));
  return { installScript: isBuilt || parsed.lib?.["proc-macro"] === true, licence: license ?? null };
}
