/** A repository's own `.aedev.yaml`: its schema, its settings, and how it tightens the operator's policy. It can't loosen the policy. */
import {
  checkoutFolderSchema,
  commitConventionsSchema,
  hasDebianPackages,
  mutationTimeSchema,
  type RepositorySettings,
  simpleGlobSchema,
} from "@aedev/contracts";
import { type Profile, profileSchema } from "@aedev/contracts/events";
import { z } from "zod";
import { globsSchema } from "./glob-schema.ts";
import { type Policy, versionParts } from "./policy-schema.ts";

const commandSchema = z.string().min(1).max(2000);
const patternsSchema = z.array(simpleGlobSchema).max(64);
const agreedImage = "an image with Debian packages is agreed to by a person: aedev repo add PATH --image IMAGE";
const addedGlobsSchema = globsSchema.pipe(z.array(simpleGlobSchema));

/** Strict; every key is optional. `profile` means "at most this profile". */
export const repositoryOverlaySchema = z.strictObject({
  prepare: commandSchema.optional(),
  build: commandSchema.optional(),
  inputs: patternsSchema.optional(),
  outputs: z.array(z.string().min(1).max(300)).max(64).optional(),
  verify: z.array(commandSchema).max(32).optional(),
  tests: patternsSchema.optional(),
  image: z
    .string()
    .min(1)
    .max(300)
    .refine((image) => !hasDebianPackages(image), agreedImage)
    .optional(),
  writable: z.array(checkoutFolderSchema).max(64).optional(),
  mutation_time: mutationTimeSchema.optional(),
  profile: profileSchema.optional(),
  commits: commitConventionsSchema.optional(),
  dependencies: z
    .strictObject({ asks_from: z.enum(versionParts).optional(), min_age_days: z.int().min(0).max(3650).optional() })
    .optional(),
  paths: z
    .strictObject({
      forbidden: addedGlobsSchema.optional(),
      never_by_itself: addedGlobsSchema.optional(),
      control_files: addedGlobsSchema.optional(),
    })
    .optional(),
});
export type RepositoryOverlay = z.infer<typeof repositoryOverlaySchema>;

/** The policy with the repository's additions. */
export function tightenPolicy(policy: Policy, overlay: RepositoryOverlay): Policy {
  const { paths, dependencies } = policy;
  const { asks_from = dependencies.asks_from, min_age_days = 0 } = overlay.dependencies ?? {};
  const isStricter = versionParts.indexOf(asks_from) < versionParts.indexOf(dependencies.asks_from);
  return {
    ...policy,
    dependencies: {
      asks_from: isStricter ? asks_from : dependencies.asks_from,
      min_age_days: Math.max(min_age_days, dependencies.min_age_days),
    },
    paths: {
      ...paths,
      forbidden: union(paths.forbidden, overlay.paths?.forbidden),
      never_by_itself: union(paths.never_by_itself, overlay.paths?.never_by_itself),
      control_files: union(paths.control_files, overlay.paths?.control_files),
    },
  };
}

/** The operator's settings (`repo add`) win; the repository fills those that the operator left open, and adds to the lists. */
export function combineSettings(added: RepositorySettings, overlay: RepositoryOverlay): RepositorySettings {
  const writable = union(added.writable ?? [], overlay.writable);
  const mutationTimeMs = added.mutation_time_ms ?? overlay.mutation_time;
  const commits = added.commits ?? overlay.commits;
  return {
    prepare: added.prepare ?? overlay.prepare ?? null,
    build: added.build ?? overlay.build ?? null,
    inputs: union(added.inputs, overlay.inputs),
    outputs: union(added.outputs, overlay.outputs),
    verify: union(added.verify, overlay.verify),
    tests: union(added.tests, overlay.tests),
    image: added.image ?? overlay.image ?? null,
    ...(writable.length === 0 ? {} : { writable }),
    ...(added.folder === undefined ? {} : { folder: added.folder }),
    ...(added.submodules === undefined ? {} : { submodules: added.submodules }),
    ...(mutationTimeMs === undefined ? {} : { mutation_time_ms: mutationTimeMs }),
    ...(commits === undefined ? {} : { commits }),
  };
}

const mergeOrder = ["none", "low", "medium"] as const;

/** The effective profile: the operator's for this repository or the default, unless the repository asks for a stricter one. */
export function effectiveProfile(policy: Policy, added: Profile | null, overlay: RepositoryOverlay): Profile {
  const chosen = added ?? policy.profiles.default;
  const strictness = (profile: Profile) => mergeOrder.indexOf(policy.profiles.merges[profile]);
  return overlay.profile !== undefined && strictness(overlay.profile) < strictness(chosen) ? overlay.profile : chosen;
}

function union(first: readonly string[], second: readonly string[] | undefined): string[] {
  return [...new Set([...first, ...(second ?? [])])];
}
