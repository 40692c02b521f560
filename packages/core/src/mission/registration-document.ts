/** Builds the document of a repository: its registration, without watched landings and refused labels. */
import type { PermittedWrites } from "@aedev/contracts";
import type { LaneDocument, RepositoryDocument } from "@aedev/contracts/api";
import type { RepositoryState } from "../model/repository-state.ts";

/** A repository as clients see it. `writes`: undefined if not known. `lanes`: only for the answer about one repository. */
export function registrationDocument(
  { watched: _watched, refused_labels: _labels, lanes: _lanes, ...document }: RepositoryState,
  writes?: PermittedWrites,
  lanes: readonly LaneDocument[] = [],
): RepositoryDocument {
  return {
    ...document,
    ...(writes === undefined ? {} : { writes }),
    ...(lanes.length === 0 ? {} : { lanes: [...lanes] }),
  };
}
