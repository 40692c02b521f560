/** Builds the document of a repository: its registration, without what is watched in it. */
import type { RepositoryDocument } from "@aedev/contracts/api";
import type { RepositoryState } from "../model/state.ts";

export function registrationDocument({ watched: _watched, ...document }: RepositoryState): RepositoryDocument {
  return document;
}
