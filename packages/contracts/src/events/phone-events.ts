/** The events of links that submit missions from a phone: made, revoked. Neither has the link's token. ADR 0027. */
import { z } from "zod";
import { instantSchema, phoneLinkIdSchema } from "../ids.ts";
import { deciderFields } from "./decider.ts";

export const phoneEvents = {
  /** A person made a link. Its token is derived from this event and a key. `epoch`: it works in this incarnation of the home only. */
  PhoneLinkMade: z.strictObject({
    ...deciderFields,
    link_id: phoneLinkIdSchema,
    expires_at: instantSchema,
    epoch: z.int().positive(),
  }),
  /** The link submits nothing any more. */
  PhoneLinkRevoked: z.strictObject({ ...deciderFields, link_id: phoneLinkIdSchema }),
};
