/** The events of the system's stream. Larger subjects have their own files. No event contains a token or a text of a judge's vendor. */
import { z } from "zod";
import { browserSessionIdSchema, instantSchema, phoneLinkIdSchema, sha256Schema } from "../ids.ts";
import { browserReachSchema, githubLoginSchema, operatorNameSchema, roleSchema } from "../operator.ts";
import { familySchema, inconclusiveDetailSchema } from "../verdict.ts";
import { deciderFields } from "./decider.ts";
import { homeEvents } from "./home-events.ts";
import { setUpEvents } from "./set-up-events.ts";
import { webhookEvents } from "./webhook-events.ts";

export const systemEvents = {
  ...homeEvents,
  /**
   * An operator was added, or got a new token. `token_digest`: SHA-256 of the token, which is 256 random bits, so
   * neither salt nor a slow hash would add anything. `epoch`: the token is void as soon as the home has another epoch.
   */
  OperatorAdded: z.strictObject({
    name: operatorNameSchema,
    role: roleSchema,
    token_digest: sha256Schema,
    github_login: githubLoginSchema.nullable(),
    /** True: this operator is the owner of the home. */
    is_owner: z.boolean(),
    epoch: z.int().positive(),
    ...deciderFields,
  }),
  /** The operator's token stopped working. */
  OperatorRemoved: z.strictObject({ name: operatorNameSchema, ...deciderFields }),
  ...setUpEvents,
  /** A person made a link. Its token is derived from this event and a key. `epoch`: the link works only in this incarnation of the home. */
  PhoneLinkMade: z.strictObject({
    ...deciderFields,
    link_id: phoneLinkIdSchema,
    expires_at: instantSchema,
    epoch: z.int().positive(),
  }),
  /** The link no longer submits missions. */
  PhoneLinkRevoked: z.strictObject({ ...deciderFields, link_id: phoneLinkIdSchema }),
  /** A person signed in a browser by a one-time link. `token_digest`: of the browser's cookie and key. `epoch`: it works only in this incarnation of the home. `reach`: the only way on which it works; missing: loopback. */
  BrowserSessionStarted: z.strictObject({
    ...deciderFields,
    session_id: browserSessionIdSchema,
    token_digest: sha256Schema,
    view_only: z.boolean(),
    expires_at: instantSchema,
    epoch: z.int().positive(),
    reach: browserReachSchema.optional(),
  }),
  /** The browser is signed out. */
  BrowserSessionEnded: z.strictObject({ ...deciderFields, session_id: browserSessionIdSchema }),
  ...webhookEvents,
  /** A judge's vendor was unavailable in each try that the policy allows. */
  JudgeUnavailable: z.strictObject({ family: familySchema, detail: inconclusiveDetailSchema }),
  /** The vendor is available again: it gave a verdict, or a probe reached it. Every change that waited for it continues. */
  JudgeAvailable: z.strictObject({ family: familySchema, by: z.enum(["verdict", "probe"]) }),
};
