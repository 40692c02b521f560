/** What a change does to the dependencies. */
import { z } from "zod";

/** Dependencies that a change adds, removes or moves to another version. `from` null: added; `to` null: removed; `suspicious`: why a person should read it. */
export const dependencyChangesSchema = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        file: z.string(),
        name: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        suspicious: z.string().nullable(),
      }),
    )
    .max(2000),
});
export type DependencyChanges = z.infer<typeof dependencyChangesSchema>;
