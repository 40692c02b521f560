/**
 * Reads a registration over HTTP: its name, and the settings that given and stored values make together.
 * Folder: registering a repository: inspecting it and trying its settings.
 */

import { Fault, type RepositoryName, type RepositorySettings, repositoryNameSchema, shellWord } from "@aedev/contracts";
import type { TrialBody } from "@aedev/contracts/api";

interface Known {
  readonly name: string;
  readonly settings: RepositorySettings;
}

/** The resulting settings of a new repository or one that is `known`. Throws a Fault `bad-path` if it is registered for another folder. */
export function settingsOf(body: TrialBody, known: Known | undefined): RepositorySettings {
  requireSameFolder(known, { folder: body.folder, pathOrUrl: body.path_or_url });
  const before = known?.settings;
  const mutationTimeMs = body.mutation_time ?? before?.mutation_time_ms ?? "";
  const writable = body.writable ?? before?.writable ?? [];
  const submodules = body.submodules ?? before?.submodules ?? [];
  const folder = known === undefined ? body.folder : known.settings.folder;
  return {
    prepare: givenOrStored(body.prepare, before?.prepare),
    build: givenOrStored(body.build, before?.build),
    inputs: body.inputs ?? before?.inputs ?? [],
    outputs: body.outputs ?? before?.outputs ?? [],
    verify: body.verify ?? before?.verify ?? [],
    tests: body.tests ?? before?.tests ?? [],
    image: givenOrStored(body.image, before?.image),
    ...(writable.length === 0 ? {} : { writable }),
    ...(folder == null ? {} : { folder }),
    ...(submodules.length === 0 ? {} : { submodules }),
    ...(mutationTimeMs === "" ? {} : { mutation_time_ms: mutationTimeMs }),
  };
}

/** Throws a Fault `bad-path` if a folder is given but another one, or the whole repository, is registered: that can't change later. */
export function requireSameFolder(
  known: Known | null | undefined,
  { folder, pathOrUrl }: { folder: string | null | undefined; pathOrUrl: string },
): void {
  if (known == null || folder == null || known.settings.folder === folder) return;
  throw new Fault("bad-path", `${known.name} is registered for ${known.settings.folder ?? "the whole repository"}`, {
    hint: `register ${folder} under another name: aedev repo add ${shellWord(pathOrUrl)} --path ${shellWord(folder)} --name NAME`,
  });
}

/** A missing value keeps the stored one; an empty value clears it. */
function givenOrStored(value: string | null | undefined, before: string | null | undefined): string | null {
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
