/** The body that describes a repository over HTTP: the verb's flags, and what they mean for one that is known already. */
import { mutationTimeSchema, type RepositoryState } from "@aedev/core";
import { Fault, type RepositorySettings, repositoryNameSchema } from "@aedev/core/wire";
import { z } from "zod";
import { commaSeparated, oneOrMore } from "./repeated-flag.ts";

const command = z.string().max(2000);
const glob = z.string().min(1).max(300);
const source = { path_or_url: z.string().min(1).max(2000) };
const settings = {
  prepare: command.nullish(),
  build: command.nullish(),
  inputs: commaSeparated(glob).nullish(),
  outputs: commaSeparated(glob).nullish(),
  verify: oneOrMore(command.min(1)).nullish(),
  tests: oneOrMore(glob).nullish(),
  image: z.string().max(300).nullish(),
  /** A duration with its unit; empty: none. */
  mutation_time: z.union([z.literal(""), mutationTimeSchema]).nullish(),
};
/** What is not given keeps its value. */
export const registrationSchema = z.strictObject({
  ...source,
  name: z.string(),
  ...settings,
  profile: z.enum(["safe", "balanced", "aggressive"]).nullish(),
  allow_writes: z.boolean().nullish(),
});
export const trialBodySchema = z.strictObject({ ...source, name: z.string(), ...settings });
export const detectionBodySchema = z.strictObject({ ...source, name: z.string().nullish(), image: settings.image });

/** The settings that result for a repository that had `before`. */
export function settingsOf(
  body: z.infer<typeof trialBodySchema>,
  before: RepositorySettings | undefined,
): RepositoryState["settings"] {
  const mutationTimeMs = body.mutation_time ?? before?.mutation_time_ms ?? "";
  return {
    prepare: given(body.prepare, before?.prepare),
    build: given(body.build, before?.build),
    inputs: body.inputs ?? before?.inputs ?? [],
    outputs: body.outputs ?? before?.outputs ?? [],
    verify: body.verify ?? before?.verify ?? [],
    tests: body.tests ?? before?.tests ?? [],
    image: given(body.image, before?.image),
    ...(mutationTimeMs === "" ? {} : { mutation_time_ms: mutationTimeMs }),
  };
}

/** A value that is not given stays; an empty one clears the setting. */
function given(value: string | null | undefined, before: string | null | undefined): string | null {
  return (value ?? before ?? "") || null;
}

/** Throws a Fault `bad-name`. */
export function parseName(text: string): z.infer<typeof repositoryNameSchema> {
  const name = repositoryNameSchema.safeParse(text);
  if (name.success) return name.data;
  throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", {
    hint: "aedev repo add --help",
  });
}
