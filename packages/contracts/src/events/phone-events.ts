/** The events of links that submit missions from a phone: made, revoked. No event has a link's token. ADR 0027. */
import { z } from "zod";
import { instantSchema, phoneLinkIdSchema } from "../ids.ts";
import { deciderFields } from "./decider.ts";

export const phoneEvents = {
  /** A person made a link. Its token is derived from this event and a key. `epoch`: the link works only in this incarnation of the home. */
  PhoneLinkMade: z.strictObject({
    ...deciderFields,
    link_id: phoneLinkIdSchema,
    expires_at: instantSchema,
    epoch: z.int().positive(),
  }),
  /** The link no longer submits missions. */
  PhoneLinkRevoked: z.strictObject({ ...deciderFields, link_id: phoneLinkIdSchema }),
};
