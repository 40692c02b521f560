/** The routes for a person's phone: a test message, and links that submit missions. Part of the table in routes.ts. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import { emptyBodySchema, idParameterSchema } from "./basics.ts";
import { pushTrialSchema } from "./judges.ts";

/** Longest life of a link. */
const expiresInMsMax = 366 * 24 * 60 * 60 * 1000;

const phoneLinkSchema = z
  .strictObject({
    link_id: z.string(),
    made_at: instantSchema,
    expires_at: instantSchema,
    status: z.enum(["open", "revoked", "expired"]),
  })
  .meta({ id: "PhoneLink" });
/** A link that submits missions from a phone, without its token. */
export type PhoneLinkDocument = z.infer<typeof phoneLinkSchema>;
/** A new link. `address` contains its token and is shown once. `pushed`: the link was sent to the phone. `push_problem`: why sending failed, if it was asked for. */
const madePhoneLinkSchema = phoneLinkSchema
  .extend({ address: z.string(), pushed: z.boolean(), push_problem: z.string().nullable() })
  .meta({ id: "MadePhoneLink" });

export const phoneRouteRows = {
  testNotification: {
    method: "POST",
    role: "admin",
    path: "/api/notifications/test",
    summary: "Send one real push message and check the reply channel",
    body: z.strictObject({}),
    answer: pushTrialSchema,
    refusals: [409],
  },
  listPhoneLinks: {
    method: "GET",
    role: "operator",
    path: "/api/phone-links",
    summary: "List the links that submit missions from a phone",
    answer: z.strictObject({ links: z.array(phoneLinkSchema) }),
  },
  makePhoneLink: {
    method: "POST",
    role: "admin",
    path: "/api/phone-links",
    summary: "Make a link that submits missions from a phone; its address is in this answer only",
    body: z.strictObject({
      expires_in_ms: z.int().min(60_000).max(expiresInMsMax),
      push: z.boolean().default(false),
    }),
    answer: madePhoneLinkSchema,
    refusals: [409],
  },
  revokePhoneLink: {
    method: "POST",
    role: "admin",
    path: "/api/phone-links/:id/revoke",
    summary: "Revoke a link that submits missions from a phone",
    params: idParameterSchema,
    body: emptyBodySchema,
    answer: phoneLinkSchema,
    refusals: [404, 409],
  },
} as const;
