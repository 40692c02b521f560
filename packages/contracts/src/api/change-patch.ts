/** A change's patch as people read it: its files, each with its counts and numbered lines. */
import { z } from "zod";
import { idParameterSchema } from "./basics.ts";

/**
 * `hunk`: where a hunk begins. `note`: what git says of the file besides its lines, such as a rename, a mode or "Binary files differ". A line number is null on
 * the side that does not have the line. `truncated`: how many characters of the line were left out; absent: none.
 */
const patchLineSchema = z.strictObject({
  kind: z.enum(["added", "removed", "same", "hunk", "note"]),
  before: z.int().nullable(),
  after: z.int().nullable(),
  text: z.string(),
  truncated: z.int().positive().exactOptional(),
});
/** A line of a file of a patch. */
export type PatchLineDocument = z.infer<typeof patchLineSchema>;

/** Lines that look alike but differ are spelled out. `path`: the name after the change; of a deleted file, its last name. */
export const patchFileSchema = z
  .strictObject({
    path: z.string(),
    /** The name before the change, if it is another one; null: it is the same. */
    renamed_from: z.string().nullable(),
    added: z.int().nonnegative(),
    removed: z.int().nonnegative(),
    lines: z.array(patchLineSchema),
    /** How many lines of the file are not in `lines`, because they follow after it. */
    omitted: z.int().nonnegative(),
  })
  .meta({ id: "PatchFile" });
/** A file of a patch. */
export type PatchFileDocument = z.infer<typeof patchFileSchema>;

const [filesMax, linesMax] = [1_000_000, 10_000_000];

/** `file`: its place in the change's list of files, from 0. `from`: how many of its lines to leave out. */
const fileQuerySchema = z.strictObject({
  digest: z.string().max(100),
  file: z.coerce.number().pipe(z.int().min(0).max(filesMax)),
  from: z.coerce.number().pipe(z.int().min(0).max(linesMax)).default(0),
});

export const patchRouteRows = {
  showPatchFile: {
    method: "GET",
    role: "viewer",
    path: "/api/tasks/:id/patch",
    summary: "Show more lines of one file of a change",
    params: idParameterSchema,
    query: fileQuerySchema,
    answer: patchFileSchema,
    refusals: [404, 409],
  },
} as const;
