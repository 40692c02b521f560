/** Schemas that many routes share: errors, path parameters and repeated flags. */
import { z } from "zod";
import { failureCodeSchema } from "../codes.ts";
import { missionStatuses } from "../mission-status.ts";

/** The open or landed mission whose text is the same as that of a new submission. */
const sameMissionSchema = z.strictObject({
  mission_id: z.string(),
  title: z.string(),
  status: z.enum(missionStatuses),
  submitted_at: z.string(),
  /** Where its change is, and the command that fetches it; absent: it has not landed. */
  landed: z.strictObject({ commit: z.string(), branch: z.string(), take_in: z.string().nullable() }).exactOptional(),
});
export type SameMission = z.infer<typeof sameMissionSchema>;

/** Every refusal and failure of the API and of the CLI with `--json`: what happened, why, and the command that helps. */
export const errorDocumentSchema = z
  .strictObject({
    error: z.strictObject({
      code: failureCodeSchema,
      reason: z.string(),
      hint: z.string().nullable(),
      /** With code `same-request`: the mission that already has this text. */
      same: sameMissionSchema.exactOptional(),
    }),
  })
  .meta({ id: "Error", description: "A refusal or a failure: what happened, why, and the command that helps." });
export type ErrorDocument = z.infer<typeof errorDocumentSchema>;
/** An error document as a client reads it: an unknown code is read as `failed`. */
export const receivedErrorSchema = z.object({
  error: z.object({ ...errorDocumentSchema.shape.error.shape, code: failureCodeSchema.catch("failed") }),
});

/** The id in a path. Its form is not checked: an unknown id gives 404. */
export const idParameterSchema = z.strictObject({ id: z.string().max(100) });
export const nameParameterSchema = z.strictObject({ name: z.string().max(100) });
/** The body of a change without parameters. */
export const emptyBodySchema = z.strictObject({}).nullish();

/** `T`, deeply readonly. */
export type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;

const valuesMax = 64;

/** A flag that can be repeated: a list, or its only value. */
export function oneOrMore(item: z.ZodString) {
  return z.union([z.array(item).max(valuesMax), item.transform((value) => [value])]);
}

/** A flag with several values: a list, or one text with commas as on the command line. */
export function commaSeparated(item: z.ZodString) {
  return z.union([
    z.array(item).max(valuesMax),
    z.string().transform((text) => text.split(",").filter((part) => part !== "")),
  ]);
}
