/** The event about refused webhook deliveries of GitHub. It contains no text of an unsigned delivery. ADR 0030. */
import { z } from "zod";

/** Why a delivery was refused. */
export const webhookRefusalSchema = z.enum([
  "too-many",
  "wrong-type",
  "bad-headers",
  "too-large",
  "no-secret",
  "unsigned",
  "bad-signature",
  "replayed",
  "bad-body",
  "unknown-repository",
]);
export type WebhookRefusal = z.infer<typeof webhookRefusalSchema>;

/** GitHub's id of a delivery: 32 hexadecimal digits in five groups. */
export const deliveryIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "not a delivery's id");

export const webhookEvents = {
  /** Deliveries were refused for one reason. The first is recorded at once, those of the following hour as one number. */
  WebhookRefused: z.strictObject({
    why: webhookRefusalSchema,
    count: z.int().positive(),
    /** The last refused delivery, if its signature was right. */
    delivery: deliveryIdSchema.optional(),
  }),
};
