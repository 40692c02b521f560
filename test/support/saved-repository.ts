/** What `aedev repo add --json` prints. */
import type { Detection, RepositoryDocument, Tried } from "@aedev/contracts/api";

export type SavedRepository = RepositoryDocument & {
  /** For a new repository, what was found. */
  readonly found: Pick<Detection, "notes" | "reasons">;
  /** Null if nothing could be tried. */
  readonly tried: Tried | null;
  readonly next: string;
};
