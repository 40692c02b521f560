/** Signing browsers in and out over HTTP. A one-time code lives in memory for some minutes; the log has only the digest of a browser's cookie and key. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { actorText, type BrowserReach, type DecisionWay } from "@aedev/contracts";
import type { BrowserSessionDocument } from "@aedev/contracts/api";
import { browserSessions, roleOfSession, type State } from "@aedev/core";
import { cookieOf, newBrowserSecrets, proofFor, proofKeyOf, reachOf } from "../../control/browser-token.ts";
import { newId } from "../../control/control.ts";
import type { Commands, Records } from "../../control/parts.ts";
import type { ApiCaller } from "./caller.ts";
import { errorBody } from "./error-body.ts";
import { answer, ErrorAnswer, type Handlers } from "./handler.ts";

const codeMs = 10 * 60 * 1000;
/** Open links and signed-in browsers of one person: nobody may lock the others out. */
const codesMax = 5;
const browsersMax = 10;
const sessionMs = 30 * 24 * 60 * 60 * 1000;

interface Invitation {
  readonly by: string;
  readonly view_only: boolean;
  readonly expiresAt: number;
  /** False as soon as the inviter's own token no longer works. */
  readonly isStillAllowed: () => boolean;
}

/** Where the web app is served: on this machine, and at `url` (null: nowhere else) through a proxy. */
interface WebAddresses {
  readonly port: () => number;
  readonly url: string | null;
  readonly isThroughProxy: (request: IncomingMessage) => boolean;
}

export function browserRoutes(control: Records & Commands, { port, url, isThroughProxy }: WebAddresses) {
  const reachBy = (request: IncomingMessage): BrowserReach => (isThroughProxy(request) ? "proxy" : "loopback");
  const invitations = new Map<string, Invitation>();
  const sessions = () => browserSessions(control.log.state, new Date().toISOString());
  return {
    async inviteBrowser({ body: { view_only }, caller }) {
      if (caller.isViewOnly === true) return roleMissing("a browser that only reads signs no other one in");
      if (caller.reach === "proxy") return roleMissing("a browser behind a proxy signs no other one in");
      for (const [code, { expiresAt }] of invitations) if (expiresAt <= Date.now()) invitations.delete(code);
      const own = [...invitations].filter(([, { by }]) => by === caller.by);
      for (const [code] of own.slice(0, Math.max(0, own.length - codesMax + 1))) invitations.delete(code);
      const [code, expiresAt] = [randomBytes(32).toString("hex"), Date.now() + codeMs];
      invitations.set(code, { by: caller.by, view_only, expiresAt, isStillAllowed: () => caller.isStillAllowed() });
      return {
        // A browser sends no fragment to a server, so the code is in no server's log.
        address: `http://127.0.0.1:${port()}/sign-in#${code}`,
        proxy_address: url === null ? null : `${url}/sign-in#${code}`,
        expires_at: new Date(expiresAt).toISOString(),
      };
    },
    async signIn({ body: { code } }, reply) {
      const invitation = invitations.get(code);
      invitations.delete(code);
      if (invitation === undefined || invitation.expiresAt <= Date.now() || !invitation.isStillAllowed())
        return new ErrorAnswer(
          409,
          errorBody("sign-in-closed", "this link has been used or has expired", "aedev open"),
        );
      const { by, view_only } = invitation;
      const caller = { by, way };
      // The oldest of the same person makes room.
      const own = sessions().filter((session) => session.by === by);
      for (const { session_id } of own.slice(0, Math.max(0, own.length - browsersMax + 1)))
        await answer({ control, caller }, { kind: "EndBrowserSession", session_id }, () => null);
      const { cookie, key, digest: token_digest } = newBrowserSecrets();
      const [session_id, reach] = [newId("b"), reachBy(reply.request.raw)];
      const expires_at = new Date(Date.now() + sessionMs).toISOString();
      const started = await answer(
        { control, caller },
        { kind: "StartBrowserSession", session_id, token_digest, view_only, expires_at, reach },
        (state) => state,
      );
      if (started instanceof ErrorAnswer) return started;
      const session = sessions().find((one) => one.session_id === session_id);
      if (session === undefined) throw new Error("a browser session is missing after its own command");
      reply.header("set-cookie", cookieOf(cookie, { expiresAt: expires_at, isSecure: reach === "proxy" }));
      const who = { by: actorText(by), role: roleOfSession(started, session), position: control.log.head.position };
      return { ...who, session_id, key, proof_key: proofKeyOf(session) };
    },
    async proveToBrowser({ query: { session_id, nonce } }, reply) {
      const reach = reachBy(reply.request.raw);
      const session = sessions().find((one) => one.session_id === session_id && reachOf(one) === reach);
      if (session === undefined)
        return new ErrorAnswer(
          404,
          errorBody("unknown-browser-session", `there is no signed-in browser ${session_id}`, "aedev open"),
        );
      return {
        proof: proofFor(session, { nonce, port: reach === "proxy" && url !== null ? new URL(url).port : port() }),
      };
    },
    whoAmI: async ({ caller }) => ({
      by: actorText(caller.by),
      role: caller.role,
      session_id: caller.sessionId ?? null,
      position: control.log.head.position,
    }),
    listBrowsers: async ({ caller }) => listOf(control.log.state, caller),
    async signOut({ params: { id }, caller }) {
      const session = sessions().find(({ session_id }) => session_id === id);
      const isOwn =
        session?.session_id === caller.sessionId || (session?.by === caller.by && caller.isViewOnly !== true);
      if (session !== undefined && !isOwn && (caller.role !== "admin" || caller.isViewOnly === true))
        return roleMissing(`${actorText(session.by)} signed this browser in`);
      return answer({ control, caller }, { kind: "EndBrowserSession", session_id: id }, (state) =>
        listOf(state, caller),
      );
    },
  } satisfies Partial<Handlers>;
}

const way: DecisionWay = "browser";

function roleMissing(reason: string): ErrorAnswer {
  return new ErrorAnswer(409, errorBody("role-missing", reason, "aedev open"));
}

function listOf(state: State, { sessionId }: ApiCaller): { browsers: BrowserSessionDocument[] } {
  const browsers = browserSessions(state, new Date().toISOString()).map((session) => {
    const { session_id, by, view_only, started_at, expires_at } = session;
    const role = roleOfSession(state, session);
    const who = { session_id, by: actorText(by), role, view_only, reach: reachOf(session) };
    const times = { started_at, expires_at };
    return { ...who, ...times, is_own: session_id === sessionId };
  });
  return { browsers };
}
