/** The output of `aedev repo add --json`. */
import type { Detection, RepositoryDocument, Tried } from "@aedev/contracts/api";

export type SavedRepository = RepositoryDocument & {
  /** The findings for a new repository. */
  readonly found: Pick<Detection, "notes" | "reasons">;
  /** Null if nothing could be tried. */
  readonly tried: Tried | null;
  readonly next: string;
};
