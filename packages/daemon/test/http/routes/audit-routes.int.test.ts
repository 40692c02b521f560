/** An audit over HTTP: its cost, requesting and reading it, and why it can't continue. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { afterEach, beforeEach, expect, it } from "vitest";
import { auditRoutes } from "../../../src/http/routes/audit-routes.ts";
import { registerRoutes } from "../../../src/http/routes/register.ts";
import { mapErrors } from "../../../src/http/server.ts";
import { openControl, plantCaughtDefect } from "../../phone/approval/asked-home.ts";
import { asOwner } from "../as-owner.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-audit-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("an audit over HTTP estimates the calls, starts, and reports its progress", async () => {
  await using control = await openControl(home, {});
  const why = { "known-bad": "nothing to plant: run a mission first" };
  const server = Fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  mapErrors(server);
  asOwner(server);
  registerRoutes(server, auditRoutes({ control, canaries: { stalled: () => why } }));
  const post = async (url: string, payload: object) => server.inject({ method: "POST", url, payload });

  const estimate = await post("/api/judges/audits/estimate", { n: 60 });
  expect(estimate.json()).toMatchObject({
    plan: { "known-bad": 60, "known-good": 20, injection: 10 },
    families: ["openai", "gemini"],
    calls: 360,
    past_changes: 0,
  });
  expect(Object.keys(control.log.state.audits)).toEqual([]);

  const ordered = await post("/api/judges/audits", { n: 6 });
  const { audit_id } = ordered.json<{ audit_id: string }>();
  expect(Object.keys(control.log.state.audits)).toEqual([audit_id]);
  const read = await server.inject({ url: `/api/judges/audits/${audit_id}` });
  expect(read.json()).toMatchObject({ n: 6, judged: 0, open: 0, done: false, superseded: false, stalled: why });
  await post("/api/judges/audits", { n: 1 });
  expect((await server.inject({ url: `/api/judges/audits/${audit_id}` })).json()).toMatchObject({
    superseded: true,
    done: true,
  });

  const caught = async () => (await server.inject({ url: "/api/judges" })).json().families[0].known_bad;
  expect(await caught()).toMatchObject({ n: 0, hits: 0, value: null });
  await plantCaughtDefect(control, control.judgePromptDigest);
  expect(await caught()).toMatchObject({ n: 1, hits: 1, value: 1 });

  expect((await server.inject({ url: "/api/judges/audits/u-unknown" })).statusCode).toBe(404);
  for (const n of [0, -1, 1.5, 20_000]) expect((await post("/api/judges/audits", { n })).statusCode).toBe(400);
  const events = await control.log.listEvents();
  expect(events.filter(({ type }) => type === "AuditRequested")).toHaveLength(2);
  await server.close();
});
