/** Builds the document of a repository: its registration, without what is watched in it and was refused. */
import type { RepositoryDocument } from "@aedev/contracts/api";
import type { RepositoryState } from "../model/repository-state.ts";

/** A repository as clients see it. */
export function registrationDocument({
  watched: _watched,
  refused_labels: _labels,
  ...document
}: RepositoryState): RepositoryDocument {
  return document;
}
