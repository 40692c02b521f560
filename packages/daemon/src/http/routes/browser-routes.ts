/** Signing browsers in and out over HTTP. A one-time code lives in memory for some minutes; the log has only the digest of a browser's token. */
import { randomBytes } from "node:crypto";
import { actorText, type DecisionWay } from "@aedev/contracts";
import type { BrowserSessionDocument } from "@aedev/contracts/api";
import { browserSessions, roleOfSession, type State } from "@aedev/core";
import { cookieOf, newBrowserToken } from "../../control/browser-token.ts";
import { newId } from "../../control/control.ts";
import type { Commands, Records } from "../../control/parts.ts";
import type { ApiCaller } from "./caller.ts";
import { errorBody } from "./error-body.ts";
import { answer, ErrorAnswer, type Handlers } from "./handler.ts";

const codeMs = 10 * 60 * 1000;
const codesMax = 20;
const sessionMs = 30 * 24 * 60 * 60 * 1000;

interface Invitation {
  readonly by: string;
  readonly view_only: boolean;
  readonly expiresAt: number;
}

/** `port`: where the web app is served. */
export function browserRoutes(control: Records & Commands, port: () => number) {
  const invitations = new Map<string, Invitation>();
  return {
    async inviteBrowser({ body: { view_only }, caller }) {
      for (const [code, { expiresAt }] of invitations) if (expiresAt <= Date.now()) invitations.delete(code);
      const [oldest] = invitations.keys();
      if (oldest !== undefined && invitations.size >= codesMax) invitations.delete(oldest);
      const [code, expiresAt] = [randomBytes(32).toString("hex"), Date.now() + codeMs];
      invitations.set(code, { by: caller.by, view_only: view_only || caller.isViewOnly === true, expiresAt });
      return {
        // A browser sends no fragment to a server, so the code is in no server's log.
        address: `http://127.0.0.1:${port()}/sign-in#${code}`,
        expires_at: new Date(expiresAt).toISOString(),
      };
    },
    async signIn({ body: { code } }, reply) {
      const invitation = invitations.get(code);
      invitations.delete(code);
      if (invitation === undefined || invitation.expiresAt <= Date.now())
        return new ErrorAnswer(
          409,
          errorBody("sign-in-closed", "this link has been used or has expired", "aedev open"),
        );
      const { by, view_only } = invitation;
      const { token, digest: token_digest } = newBrowserToken();
      const session_id = newId("b");
      const expires_at = new Date(Date.now() + sessionMs).toISOString();
      const started = await answer(
        { control, caller: { by, way } },
        { kind: "StartBrowserSession", session_id, token_digest, view_only, expires_at },
        (state) => state,
      );
      if (started instanceof ErrorAnswer) return started;
      const session = browserSessions(started, new Date().toISOString()).find((one) => one.session_id === session_id);
      if (session === undefined) throw new Error("a browser session is missing after its own command");
      reply.header("set-cookie", cookieOf(token, { expiresAt: expires_at, isSecure: false }));
      return {
        by: actorText(by),
        role: roleOfSession(started, session),
        session_id,
        position: control.log.head.position,
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
      const session = browserSessions(control.log.state, new Date().toISOString()).find(
        ({ session_id }) => session_id === id,
      );
      if (session !== undefined && session.by !== caller.by && caller.role !== "admin")
        return new ErrorAnswer(
          409,
          errorBody("role-missing", `${actorText(session.by)} signed this browser in`, "ask them or an admin"),
        );
      return answer({ control, caller }, { kind: "EndBrowserSession", session_id: id }, (state) =>
        listOf(state, caller),
      );
    },
  } satisfies Partial<Handlers>;
}

const way: DecisionWay = "browser";

function listOf(state: State, { sessionId }: ApiCaller): { browsers: BrowserSessionDocument[] } {
  const browsers = browserSessions(state, new Date().toISOString()).map((session) => {
    const { session_id, by, view_only, started_at, expires_at } = session;
    const role = roleOfSession(state, session);
    return { session_id, by: actorText(by), role, view_only, started_at, expires_at, is_own: session_id === sessionId };
  });
  return { browsers };
}
