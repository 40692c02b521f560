/** What `aedev gc` deletes, and its route for the table in routes.ts. */
import { z } from "zod";
import { emptyBodySchema } from "./basics.ts";

const totalSchema = z.strictObject({ count: z.int().nonnegative(), size_bytes: z.int().nonnegative() });

/** What was deleted or, with `dry_run`, would be. */
export const collectionSchema = z
  .strictObject({
    dry_run: z.boolean(),
    /** Blobs of what ended longer ago than `retention.blobs`; an event says that they expired. */
    expired: totalSchema,
    /** Files among the blobs that nothing leads to. */
    unused: totalSchema,
    prepared: totalSchema,
    /** Logs of runs. */
    logs: totalSchema,
    /** Folders in which judges read evidence; they are links to blobs and take no space. */
    bundles: totalSchema,
    /** Mirrors of repositories that were removed. */
    mirrors: totalSchema,
    /** Of all of them. */
    size_bytes: z.int().nonnegative(),
  })
  .meta({ id: "Collection" });
/** What was deleted, or would be. */
export type CollectionDocument = z.infer<typeof collectionSchema>;

export const collectionRouteRows = {
  collect: {
    method: "POST",
    role: "admin",
    path: "/api/gc",
    summary: "Delete what the configured retention lets go",
    body: emptyBodySchema,
    answer: collectionSchema,
    refusals: [409],
  },
} as const;
