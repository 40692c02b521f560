/** Ended entities over HTTP: they are shown, listed and brought back like open ones, and their requests are refused for the same reasons. */
import Fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Control } from "../../../src/control/control.ts";
import { auditRoutes } from "../../../src/http/routes/audit-routes.ts";
import { missionRoutes } from "../../../src/http/routes/mission-routes.ts";
import { registerRoutes } from "../../../src/http/routes/register.ts";
import { taskRoutes } from "../../../src/http/routes/task-routes.ts";
import { mapErrors } from "../../../src/http/server.ts";
import { idOf, judgeCanary, plant } from "../../log/lives.ts";
import { type TemporaryFolder, temporaryFolder } from "../../log/story.ts";
import { askAboutChange, openControl, submit } from "../../phone/approval/asked-home.ts";
import { asOwner } from "../as-owner.ts";

let folder: TemporaryFolder;
let control: Control & AsyncDisposable;
let server: FastifyInstance;

beforeAll(async () => {
  folder = temporaryFolder();
  control = await openControl(folder.at("home"), {});
  server = Fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  mapErrors(server);
  asOwner(server);
  registerRoutes(server, {
    ...taskRoutes(control),
    ...missionRoutes(control, { hasCredential: async () => false }),
    ...auditRoutes({ control, canaries: { stalled: () => ({}) } }),
  });
});
afterAll(async () => {
  await server.close();
  await control[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const get = async (url: string) => (await server.inject({ url })).json();
const post = async (url: string, payload: object = {}) => {
  const { statusCode, body } = await server.inject({ method: "POST", url, payload });
  return { statusCode, ...JSON.parse(body) };
};

it("a rejected task and its mission are shown, listed and retried, and refuse what an open task accepts", async () => {
  const subject = await askAboutChange(control);
  if (subject.kind !== "landing") throw new Error("the story asks about a change");
  const [task, mission] = [`/api/tasks/${subject.task_id}`, `/api/missions/${subject.mission_id}`];
  expect(await post(`${task}/reject`)).toMatchObject({ statusCode: 200, phase: "rejected" });
  expect([control.log.state.tasks, control.log.state.missions]).toEqual([{}, {}]);
  expect(await get(task)).toMatchObject({ task_id: subject.task_id, phase: "rejected" });
  expect(await get(mission)).toMatchObject({ mission_id: subject.mission_id, status: "rejected" });
  expect(await get("/api/tasks?status=rejected")).toMatchObject({ tasks: [{ task_id: subject.task_id }], next: null });
  expect(await get("/api/missions")).toMatchObject({ missions: [{ status: "rejected" }], next: null });
  expect(await post(`${task}/approve`)).toMatchObject({ statusCode: 409, error: { code: "not-asked" } });
  expect(await post(`${task}/cancel`)).toMatchObject({ statusCode: 409, error: { code: "final" } });
  expect(await post(`${mission}/approve`)).toMatchObject({ statusCode: 409, error: { code: "not-awaiting" } });
  expect(await post(`${task}/retry`)).toMatchObject({ statusCode: 200, phase: "planned" });
  expect(await post(`${mission}/cancel`)).toMatchObject({ statusCode: 200, status: "cancelled" });
  expect(control.log.state.missions).toEqual({});
  expect(await post(`${task}/retry`)).toMatchObject({ statusCode: 409, error: { code: "cancelled" } });
  expect(await post(`${mission}/cancel`)).toMatchObject({ statusCode: 409, error: { code: "not-awaiting" } });
  expect((await post("/api/tasks/t-0000000000000000/retry")).statusCode).toBe(404);
});

it("a superseded audit still counts what its judges have answered", async () => {
  await submit(control, { kind: "RequestAudit", audit_id: idOf("u", 1), n: 3 });
  for (const number of [0, 3]) await submit(control, plant(number, { audit: 1, beside: null }));
  await submit(control, judgeCanary(0));
  const audit = `/api/judges/audits/${idOf("u", 1)}`;
  expect(await get(audit)).toMatchObject({ judged: 1, open: 1, superseded: false, done: false });
  await submit(control, { kind: "RequestAudit", audit_id: idOf("u", 2), n: 1 });
  expect(await get(audit)).toMatchObject({ judged: 1, open: 1, superseded: true, done: false });
  await submit(control, judgeCanary(3));
  expect(Object.keys(control.log.state.audits)).toEqual([idOf("u", 2)]);
  expect(await get(audit)).toMatchObject({ planted: { "known-bad": 2 }, judged: 2, open: 0, done: true });
});
