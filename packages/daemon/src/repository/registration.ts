/** Interprets a registration over HTTP: its name, and the settings that result from the given and the stored values. */

import { Fault, type RepositoryName, type RepositorySettings, repositoryNameSchema } from "@aedev/contracts";
import type { TrialBody } from "@aedev/contracts/api";

/** The settings that result for a repository that had `before`. */
export function settingsOf(body: TrialBody, before: RepositorySettings | undefined): RepositorySettings {
  const mutationTimeMs = body.mutation_time ?? before?.mutation_time_ms ?? "";
  const writable = body.writable ?? before?.writable ?? [];
  const folder = before === undefined ? body.folder : before.folder;
  return {
    prepare: given(body.prepare, before?.prepare),
    build: given(body.build, before?.build),
    inputs: body.inputs ?? before?.inputs ?? [],
    outputs: body.outputs ?? before?.outputs ?? [],
    verify: body.verify ?? before?.verify ?? [],
    tests: body.tests ?? before?.tests ?? [],
    image: given(body.image, before?.image),
    ...(writable.length === 0 ? {} : { writable }),
    ...(folder == null ? {} : { folder }),
    ...(mutationTimeMs === "" ? {} : { mutation_time_ms: mutationTimeMs }),
  };
}

/** A value that is not given stays; an empty one clears the setting. */
function given(value: string | null | undefined, before: string | null | undefined): string | null {
  return (value ?? before ?? "") || null;
}

/** Throws a Fault `bad-name`. */
export function parseName(text: string): RepositoryName {
  const name = repositoryNameSchema.safeParse(text);
  if (name.success) return name.data;
  throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", {
    hint: "aedev repo add --help",
  });
}
