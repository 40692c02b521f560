/** What the execution plane did or left out while it captured a change. The patch does not show this, so the run's report is the only source. */
import { z } from "zod";

/**
 * Forms that are put back if the base's file uses one form throughout and the coder edited something else in it. `normalized`: as the base's
 * `.gitattributes` require.
 */
export const putBackKinds = ["line-endings", "byte-order-mark", "final-newline", "executable", "normalized"] as const;
/** A form of a file that can be put back. */
export type PutBackKind = (typeof putBackKinds)[number];

const pathsMax = 20;
/** Some paths, and the number of all. */
const somePaths = { paths: z.array(z.string().max(4096)).max(pathsMax), count: z.int().positive() };

/** What was put back and left out. */
export const captureNotesSchema = z.strictObject({
  /** The form that was put back. */
  put_back: z
    .array(z.strictObject({ kind: z.enum(putBackKinds), to: z.string().max(20).nullable(), ...somePaths }))
    .max(20)
    .exactOptional(),
  /** New files that the base's ignore files exclude: `paths` may belong to the change; `others` counts the rest, such as dependencies and build results. */
  ignored: z.strictObject({ ...somePaths, others: z.int().nonnegative() }).exactOptional(),
  /** Files in submodules of the base. They are not part of the change. */
  in_submodules: z.strictObject(somePaths).exactOptional(),
});
/** Notes of one capture. */
export type CaptureNotes = z.infer<typeof captureNotesSchema>;

/** Keeps the first paths, and counts all. */
export function somePathsOf(paths: readonly string[]): { paths: string[]; count: number } {
  return { paths: paths.slice(0, pathsMax), count: paths.length };
}

const forms: Record<PutBackKind, (to: string | null) => string> = {
  "line-endings": (to) => `line endings of $files put back (${to ?? "as before"})`,
  "byte-order-mark": () => "byte order mark of $files put back",
  "final-newline": () => "newline at the end of $files put back",
  executable: () => "executable bit of $files put back",
  normalized: () => "line endings of $files written as LF, as .gitattributes says",
};

/** One sentence for each note. `show` makes a path safe for the client. */
export function captureNoteLines(notes: CaptureNotes | undefined, show: (path: string) => string): string[] {
  const list = ({ paths, count }: { paths: string[]; count: number }) =>
    `${paths.map(show).join(", ")}${count > paths.length ? ` and ${count - paths.length} more` : ""}`;
  const files = (count: number) => `${count} ${count === 1 ? "file" : "files"}`;
  const { put_back = [], ignored, in_submodules } = notes ?? {};
  return [
    ...put_back.map((note) => `${forms[note.kind](note.to).replace("$files", files(note.count))}: ${list(note)}`),
    ...(ignored === undefined
      ? []
      : [
          `${ignored.count} new ${ignored.count === 1 ? "file was" : "files were"} not taken because the base ignores ${ignored.count === 1 ? "it" : "them"}: ${list(ignored)}`,
        ]),
    ...(in_submodules === undefined
      ? []
      : [
          `${files(in_submodules.count)} in a submodule ${in_submodules.count === 1 ? "was" : "were"} not taken: ${list(in_submodules)}`,
        ]),
  ];
}
