/** Documents and routes of signed-in browsers: a person with a token makes a one-time link, and the browser that opens it gets a cookie. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import { browserReachSchema, roleSchema } from "../operator.ts";
import { emptyBodySchema, idParameterSchema } from "./basics.ts";

/** A signed-in browser, without its token. */
const browserSessionSchema = z
  .strictObject({
    session_id: z.string(),
    by: z.string(),
    role: roleSchema,
    /** True: it only reads, whatever its person may do. */
    view_only: z.boolean(),
    reach: browserReachSchema,
    started_at: instantSchema,
    expires_at: instantSchema,
    /** The browser that asks. */
    is_own: z.boolean(),
  })
  .meta({ id: "BrowserSession" });
/** A signed-in browser, as clients show it. */
export type BrowserSessionDocument = z.infer<typeof browserSessionSchema>;

/** Who asks, and from which daemon the answer is. `session_id`: null for a client with a token. */
const callerSchema = z
  .strictObject({
    by: z.string(),
    role: roleSchema,
    session_id: z.string().nullable(),
    position: z.int().nonnegative(),
  })
  .meta({ id: "Caller" });

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `key`: sent with each request beside the cookie, because a browser sends cookies to every port of this machine. `proof_key`: shows that an answer of
 * `proveToBrowser` is the daemon's.
 */
const signedInSchema = callerSchema
  .extend({ session_id: z.string(), key: hex, proof_key: hex })
  .meta({ id: "SignedIn" });

export const browserRouteRows = {
  inviteBrowser: {
    method: "POST",
    role: "viewer",
    path: "/api/browsers/invite",
    summary: "Make a one-time link that signs a browser in; it works for some minutes",
    body: z.strictObject({ view_only: z.boolean().default(false) }),
    /** `proxy_address`: the same link through the proxy of `web.url`; null: there is none. */
    answer: z.strictObject({ address: z.string(), proxy_address: z.string().nullable(), expires_at: instantSchema }),
    refusals: [409],
  },
  signIn: {
    method: "POST",
    open: true,
    path: "/sign-in",
    summary: "Sign this browser in with the code of a one-time link; the answer sets a cookie",
    body: z.strictObject({ code: hex }),
    answer: signedInSchema,
    refusals: [409],
  },
  proveToBrowser: {
    method: "GET",
    open: true,
    path: "/proof/browser",
    summary: "Prove to a signed-in browser that this is the daemon, before it sends its key",
    query: z.strictObject({ session_id: z.string().max(100), nonce: hex }),
    answer: z.strictObject({ proof: z.string() }),
    refusals: [404],
  },
  whoAmI: {
    method: "GET",
    agent: true,
    role: "viewer",
    path: "/api/caller",
    summary: "Say who asks, and with which role",
    answer: callerSchema,
  },
  listBrowsers: {
    method: "GET",
    role: "viewer",
    path: "/api/browsers",
    summary: "List the signed-in browsers",
    answer: z.strictObject({ browsers: z.array(browserSessionSchema) }),
  },
  signOut: {
    method: "POST",
    role: "viewer",
    path: "/api/browsers/:id/sign-out",
    summary: "Sign a browser out; an admin may do so for every browser",
    params: idParameterSchema,
    body: emptyBodySchema,
    answer: z.strictObject({ browsers: z.array(browserSessionSchema) }),
    refusals: [409],
  },
} as const;
