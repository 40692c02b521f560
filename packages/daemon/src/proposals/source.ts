/** What every source of proposals is: it looks at one repository and says which causes it found and which known ones are gone. */
import type { ProposalSource } from "@aedev/contracts/events";
import type { ProposalState } from "@aedev/core";
import type { GitHubs, Records } from "../control/parts.ts";
import { mirrorDirectory, type RepositoryOptions } from "../git/bare-repository.ts";
import { connectTo } from "../github/connect.ts";
import type { GitHubConnection } from "../github/connection.ts";
import type { Cause } from "./cause.ts";

/** A repository at the newest commit of its base. */
export interface SourcePlace {
  readonly repository: string;
  readonly url: string;
  readonly commit: string;
  readonly mirror: RepositoryOptions;
  /** The source's own proposals that are open or remembered. */
  readonly known: readonly ProposalState[];
}

/** The causes that were found, and the keys of known causes that are gone. Unclear is not gone. */
export interface FoundCauses {
  readonly causes: readonly Cause[];
  readonly gone: readonly string[];
}

/** `inspect` only reads. It throws as git and requests to GitHub do; then nothing is decided about the source. */
export interface CauseSource {
  readonly name: ProposalSource;
  inspect(place: SourcePlace, control: GitHubs & Records): Promise<FoundCauses>;
}

export const nothing: FoundCauses = { causes: [], gone: [] };

/** For a whole inspect: what it did not find is gone. */
export function foundAll(causes: readonly Cause[], { known }: SourcePlace): FoundCauses {
  const present = new Set(causes.map(({ key }) => key));
  return { causes, gone: known.map(({ key }) => key).filter((key) => !present.has(key)) };
}

/** Where git reads the repository's objects. */
export function gitOf({ mirror, commit }: SourcePlace) {
  return { gitDir: mirrorDirectory(mirror), commit, timeoutMs: mirror.timeoutMs };
}

/** Null: the repository is elsewhere, or the credential can't read it. */
export async function gitHubOf({ url }: SourcePlace, control: GitHubs): Promise<GitHubConnection | null> {
  return connectTo(url, control);
}
