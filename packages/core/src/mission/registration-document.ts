/** Builds the document of a repository: its registration, without watched landings and refused labels. */
import type { PermittedWrites } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import type { RepositoryState } from "../model/repository-state.ts";

/** A repository as clients see it. `writes`: undefined if not known. */
export function registrationDocument(
  { watched: _watched, refused_labels: _labels, ...document }: RepositoryState,
  writes?: PermittedWrites,
): RepositoryDocument {
  return writes === undefined ? document : { ...document, writes };
}
