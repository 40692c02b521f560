/** Builds the document of a repository: its registration, without what is watched in it and was refused. */
import type { PermittedWrites } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import type { RepositoryState } from "../model/repository-state.ts";

/** A repository as clients see it. `writes`: undefined if that is not known. */
export function registrationDocument(
  { watched: _watched, refused_labels: _labels, ...document }: RepositoryState,
  writes?: PermittedWrites,
): RepositoryDocument {
  return writes === undefined ? document : { ...document, writes };
}
