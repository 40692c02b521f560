/** The evidence entry about packages that a change moves to another version: what control read in their files, and what the registries say (ADR 0052). */
import { z } from "zod";

/** Where packages come from. Tools that share a registry share an ecosystem: npm, pnpm, Yarn and Bun; pip, uv and Poetry. */
export type PackageEcosystem = "npm" | "pypi" | "crates" | "go" | "rubygems" | "packagist";

/** The most packages that are compared with their registries. */
export const recordedPackagesMax = 300;

const recordSchema = z.strictObject({
  file: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  /** How far it moves. Below 1.0.0 the first part that is not zero counts as the major one. `unclear`: not two release versions of the same form. */
  step: z.enum(["patch", "minor", "major", "back", "unclear"]),
  /** Days since the registry got it, when the evidence was sealed; null: unknown. */
  age_days: z.int().nonnegative().nullable(),
  /** Whether the file's hashes are the registry's. `none`: this file never has hashes. Null: not compared. */
  hash: z.enum(["equal", "other", "none"]).nullable(),
  /** Whether it runs code at its installation and the old version did not; null: unknown. */
  new_install_script: z.boolean().nullable(),
  /** The licences before and after; null: the registry does not say. */
  licence: z.tuple([z.string().max(300).nullable(), z.string().max(300).nullable()]),
  /** Why its authors or the registry advise against this version; null: they do not. */
  withdrawn: z.string().max(300).nullable(),
  /** Whether a manifest asks for another version of it, or a package that moves and is itself required needs it. Null: the registry does not say. */
  required: z.boolean().nullable(),
  /** Why the registry could not be asked; null: it was. */
  unknown: z.string().max(300).nullable(),
});
/** One package that moves: how far, and what its registry says about the new version. */
export type DependencyRecord = z.infer<typeof recordSchema>;

/** The records of one change. */
export const dependencyRecordsSchema = z.strictObject({
  /** Changed manifests and lockfiles that differ in nothing but versions of known packages and their hashes. */
  files: z.array(z.string()).max(2000),
  /** The packages that move, from lockfiles or, without a lockfile, from manifests. */
  packages: z.array(recordSchema).max(recordedPackagesMax),
});
/** The records of one change, parsed. */
export type DependencyRecords = z.infer<typeof dependencyRecordsSchema>;
