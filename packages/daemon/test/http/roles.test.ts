/** Who may call what: every route of the table with each role's token, and with tokens that are unknown or void. */
import { type OperatorRole, roles } from "@aedev/contracts";
import { type Route, type RouteName, routes } from "@aedev/contracts/api";
import { initialState, type State } from "@aedev/core";
import Fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newBrowserSecrets } from "../../src/control/browser-token.ts";
import { daemonProof, newOperatorToken } from "../../src/control/operator-token.ts";
import { admissionOf, guard } from "../../src/http/guard.ts";
import type { ApiCaller } from "../../src/http/routes/caller.ts";
import { errorBody } from "../../src/http/routes/error-body.ts";
import { ErrorAnswer, type Handlers } from "../../src/http/routes/handler.ts";
import { registerRoutes } from "../../src/http/routes/register.ts";
import { mapErrors } from "../../src/http/server.ts";

const ownToken = "0f".repeat(32);
const key = Buffer.alloc(32, 7);
const made = Object.fromEntries(roles.map((role) => [role, newOperatorToken(key)])) as Record<
  OperatorRole,
  ReturnType<typeof newOperatorToken>
>;
const operators = Object.fromEntries(
  roles.map((role) => [
    `the-${role}`,
    {
      ...{ name: `the-${role}`, role, token_digest: made[role].digest, github_login: null, is_owner: false, epoch: 1 },
      ...{ added_at: "2026-01-02T03:04:05.678Z", added_by: "operator" },
    },
  ]),
);
const system = { ...initialState.system, epoch: 1, operators };
const control = { log: { state: { ...initialState, system } }, trust: { untrusted: null } };
const put = (state: Partial<State["system"]>, untrusted: object | null = null) => {
  control.log.state = { ...initialState, system: { ...system, ...state } as typeof system };
  control.trust.untrusted = untrusted as null;
};

let server: FastifyInstance;
const reached: ApiCaller[] = [];
beforeAll(async () => {
  server = Fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  const options = {
    control: control as never,
    token: ownToken,
    port: () => 7247,
    isBoardPublic: true,
    isOnSocket: () => false,
  };
  guard(server, (request) => admissionOf(request, options));
  mapErrors(server);
  const stub = async ({ caller }: { caller?: ApiCaller }) => {
    if (caller !== undefined) reached.push(caller);
    return new ErrorAnswer(409, errorBody("stale", "reached"));
  };
  registerRoutes(server, Object.fromEntries(Object.keys(routes).map((name) => [name, stub])) as Partial<Handlers>);
  await server.ready();
});
afterAll(() => server.close());

async function send(route: Route, token: string | null, headers: Record<string, string> = {}) {
  const { statusCode, body } = await server.inject({
    method: route.method,
    url: route.path.replace(/:\w+/g, "some"),
    headers: { host: "localhost:7247", ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(route.method === "POST" ? { payload: {} } : {}),
  });
  return { status: statusCode, code: statusCode >= 400 ? (JSON.parse(body).error.code as string) : null, body };
}
const tables = Object.entries(routes) as [RouteName, Route][];

describe("every route", () => {
  it("every route with a token refuses each lower role, names the role that it needs, and accepts a sufficient one", async () => {
    const rank = (role: OperatorRole) => roles.indexOf(role);
    let refusals = 0;
    for (const [name, route] of tables) {
      if (route.role === undefined) continue;
      for (const role of roles) {
        const { status, code, body } = await send(route, made[role].token);
        const isEnough = role === "agent" ? route.agent === true : rank(role) >= rank(route.role);
        expect([name, role, code === "role-missing"]).toEqual([name, role, !isEnough]);
        if (isEnough) expect([name, role, [400, 409].includes(status)]).toEqual([name, role, true]);
        else {
          refusals += 1;
          expect([status, body.includes(`needs the role ${route.role}`)]).toEqual([403, true]);
        }
      }
      expect([name, (await send(route, null)).status]).toEqual([name, 401]);
      expect([name, (await send(route, ownToken)).code]).not.toEqual([name, "role-missing"]);
    }
    expect(refusals).toBeGreaterThan(20);
  });

  it("every route without a role answers anybody and changes nothing", () => {
    const without = tables.filter(([, { role }]) => role === undefined);
    // A one-time code is what allows a browser to sign in.
    const isSafe = ([name, { method }]: (typeof without)[number]) => method === "GET" || name === "signIn";
    expect(without.every((row) => row[1].open === true && isSafe(row))).toBe(true);
    expect(without.map(([name]) => name)).toEqual([
      "signIn",
      "proveToBrowser",
      "proveDaemon",
      "health",
      "statusBoard",
      "statusBoardDocument",
      "favicon",
    ]);
  });

  it("every route that changes anything needs more than a viewer", () => {
    // Who may read may read in a browser, and may stop doing so.
    const own = ["inviteBrowser", "signIn", "signOut"];
    const posts = tables.filter(([name, { method }]) => method === "POST" && !own.includes(name));
    expect(posts.filter(([, { role }]) => role === "viewer" || role === undefined)).toEqual([]);
    const adminOnly = ["registerRepository", "addOperator", "removeOperator", "acceptLog", "requestAudit", "probe"];
    for (const name of adminOnly) expect([name, routes[name as RouteName]]).toMatchObject([name, { role: "admin" }]);
  });

  it("a command names the operator and the way: the command line says so, any other client is the API", async () => {
    reached.length = 0;
    await send(routes.showStatus, made.viewer.token);
    await send(routes.showStatus, made.operator.token, { "aedev-client": "terminal" });
    await send(routes.showStatus, ownToken);
    expect(reached).toMatchObject([
      { by: "operator:the-viewer", way: "api" },
      { by: "operator:the-operator", way: "terminal" },
      { by: "operator", way: "api" },
    ]);
  });
});

describe("an operator's token", () => {
  const ask = async (token: string) => (await send(routes.showStatus, token)).status;

  it("an operator's token is refused if it is changed, cut, or another one's digest, and works as it was printed", async () => {
    const { token, digest } = made.admin;
    const last = token.endsWith("0") ? "1" : "0";
    for (const wrong of [token.slice(0, -1), `${token.slice(0, -1)}${last}`, `${token}0`, digest, token.slice(6)])
      expect([wrong.length, await ask(wrong)]).toEqual([wrong.length, 401]);
    expect(await ask(token)).toBe(409);
  });

  it("an operator's token ends with its operator, a new epoch and an untrusted log; the owner's still works", async () => {
    const { "the-viewer": _removed, ...others } = operators;
    for (const [state, untrusted] of [
      [{ operators: others }, null],
      [{ epoch: 2 }, null],
      [{}, { reasons: [] }],
    ] as const) {
      put(state, untrusted);
      expect([await ask(made.viewer.token), await ask(ownToken)]).toEqual([401, 409]);
    }
    put({});
    expect(await ask(made.viewer.token)).toBe(409);
  });

  it("an answer under way lasts only as long as its operator", async () => {
    reached.length = 0;
    await send(routes.showStatus, made.viewer.token);
    const [caller] = reached;
    expect(caller?.isStillAllowed()).toBe(true);
    put({ operators: {} });
    expect(caller?.isStillAllowed()).toBe(false);
    put({});
  });
});

it("a browser's cookie works only while the log that names it is trusted", async () => {
  const { cookie, key: secret, digest: token_digest } = newBrowserSecrets();
  const session = { session_id: "b-0123456789abcdef", token_digest, view_only: false, by: "operator", way: "browser" };
  const times = { started_at: "2026-01-02T03:04:05.678Z", expires_at: "9999-01-01T00:00:00.000Z", epoch: 1 };
  const signedIn = { browser_sessions: [{ ...session, ...times }] } as never;
  const browser = { cookie: `aedev_session=${cookie}`, "aedev-key": secret };
  const ask = async () => (await send(routes.showStatus, null, browser)).status;
  put(signedIn, { reasons: [] });
  expect([await ask(), (await send(routes.showStatus, ownToken)).status]).toEqual([401, 409]);
  put(signedIn);
  expect(await ask()).toBe(409);
  put({});
});

it("the daemon's proof depends on its key, the port and the nonce", () => {
  const asked = { proofKey: "a".repeat(64), nonce: "b".repeat(64), port: 7247 };
  const proof = daemonProof(key, asked);
  expect(daemonProof(key, asked)).toBe(proof);
  for (const other of [{ port: 7248 }, { nonce: "c".repeat(64) }, { proofKey: "d".repeat(64) }])
    expect(daemonProof(key, { ...asked, ...other })).not.toBe(proof);
  expect(daemonProof(Buffer.alloc(32, 8), asked)).not.toBe(proof);
});
