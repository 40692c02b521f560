/** What the kinds of a change are derived from. */
import type { NamingLine, SoughtNames } from "../../git/find-namers.ts";
import type { ChangedText } from "../test-diff/test-changes.ts";

export type { NamingLine };

type ChangedFile = ChangedText & { readonly old_mode: string; readonly new_mode: string };
export interface ChangeKindsInput {
  readonly files: readonly ChangedFile[];
  readonly renames: readonly { readonly from: string; readonly to: string }[];
  /** Globs of documents, from the policy. */
  readonly documents: readonly string[];
  /** Changed files that are nothing but pictures. */
  readonly pictures: ReadonlySet<string>;
  /** Globs of test files. */
  readonly tests: readonly string[];
  /** What a person asked for. */
  readonly mission: string;
  /** The base's lines that contain one of the names; null if there are too many. */
  readonly linesNaming: (names: SoughtNames) => Promise<readonly NamingLine[] | null>;
  /** Texts of the base's files; absent or null for a missing file. */
  readonly readUnchanged: (paths: readonly string[]) => Promise<ReadonlyMap<string, string | null>>;
  /** The name of the base's Go module; null: it has none. */
  readonly goModule: () => Promise<string | null>;
}

/** Whether a file is neither a link nor executable, in each version that exists. */
export function isPlainFile({ status, old_mode, new_mode }: ChangedFile): boolean {
  const modes = [...(status === "added" ? [] : [old_mode]), ...(status === "deleted" ? [] : [new_mode])];
  return modes.every((mode) => mode === "100644");
}
