/** What `aedev gc` deletes, and its route for the table in routes.ts. */
import { z } from "zod";
import { emptyBodySchema } from "./basics.ts";

const totalSchema = z.strictObject({ count: z.int().nonnegative(), size_bytes: z.int().nonnegative() });

/** What was deleted, or would be deleted if `dry_run` is set. */
export const collectionSchema = z
  .strictObject({
    dry_run: z.boolean(),
    /** Blobs of work that ended longer ago than `retention.blobs`. An event records that they expired. */
    expired: totalSchema,
    /** Files in the blob store that no record names. */
    unused: totalSchema,
    prepared: totalSchema,
    logs: totalSchema,
    /** Folders in which judges read evidence; they are links to blobs and take no space. */
    bundles: totalSchema,
    mirrors: totalSchema,
    size_bytes: z.int().nonnegative(),
  })
  .meta({ id: "Collection" });
/** What `aedev gc` deleted or would delete. */
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
