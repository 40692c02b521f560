/** aedev as tools of another agent, by the protocol's own client against a real daemon, over both transports; and that its token can do nothing else. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Route, type RouteName, routes } from "@aedev/contracts/api";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { apiOf, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

const answerSchema = z.object({
  isError: z.boolean().default(false),
  content: z.tuple([z.object({ text: z.string() })]),
});
const aedev = fileURLToPath(new URL("../bin/aedev", import.meta.url));
let laboratory: Laboratory;
let token = "";
let tokenFile = "";
let http: ChildProcess;
let address = "";

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  token = (await laboratory.must("operator", "add", "claude", "--role", "agent")).stdout.trim();
  tokenFile = join(laboratory.folder, "claude.token");
  writeFileSync(tokenFile, token, { mode: 0o600 });
  http = spawn(aedev, ["mcp", "--http"], { env: laboratory.environment, stdio: ["ignore", "ignore", "pipe"] });
  const [line] = (await once(http.stderr as NodeJS.ReadableStream, "data")) as [Buffer];
  address = /http:\S+/.exec(line.toString())?.[0] ?? "";
});
afterAll(async () => {
  http.kill("SIGTERM");
  await laboratory[Symbol.asyncDispose]();
});

const environment = () =>
  Object.fromEntries(
    Object.entries(laboratory.environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
const transports = {
  stdio: () =>
    new StdioClientTransport({ command: aedev, args: ["mcp", "--token-file", tokenFile], env: environment() }),
  http: () =>
    new StreamableHTTPClientTransport(new URL(address), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
};

async function connected(transport: keyof typeof transports): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transports[transport]() as never);
  return client;
}
async function use(client: Client, name: string, input: object): Promise<{ isError: boolean; document: never }> {
  const answer = await client.callTool({ name, arguments: { ...input } });
  const { isError, content } = answerSchema.parse(answer);
  return { isError, document: JSON.parse(content[0].text) as never };
}

describe.each(["stdio", "http"] as const)("another agent over %s", (transport) => {
  it("submits, follows, sees what waits and answers, in its own name", async () => {
    const client = await connected(transport);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...["submit_mission", "mission_state", "list_waiting", "answer_questions"],
    ]);
    const text = `Make the ${transport} part faster`;
    const submitted = await use(client, "submit_mission", { repository: "small", text });
    expect(submitted).toMatchObject({ isError: false, document: { status: "clarifying" } });
    const { mission_id } = submitted.document as { mission_id: string };
    const { document } = await use(client, "mission_state", { mission_id });
    const { questions } = document as { questions: { id: string }[] };
    const waiting = await use(client, "list_waiting", {});
    expect(JSON.stringify(waiting.document)).toContain(mission_id);
    const answers = questions.map(({ id }) => ({ id, text: "half(4) in lib/half.js returns 2" }));
    const answered = await use(client, "answer_questions", { mission_id, answers });
    expect(answered).toMatchObject({ isError: false, document: { status: "awaiting_approval" } });
    const missing = await use(client, "mission_state", { mission_id: "m-0123456789abcdef" });
    expect(missing).toMatchObject({ isError: true, document: { error: { code: "unknown-mission" } } });
    await client.close();
    expect((await laboratory.must("mission", "show", mission_id)).stdout).toMatch(/submitted: .* by claude/);
  });
});

describe("the token of an agent", () => {
  const headers = (bearer: string) => ({ authorization: `Bearer ${bearer}`, "content-type": "text/plain" });
  const rows = Object.entries<Route>(routes).filter(([, { open }]) => open !== true);

  it("is refused by every route that is not for agents, where the owner's gets past the guard", async () => {
    const { port, token: owner } = apiOf(laboratory.home);
    const ask = async ({ method, path }: Route, bearer: string) => {
      const whole = path.replace(/:\w+/g, "m-0123456789abcdef");
      // What is no JSON is refused with 415 after the guard, so nothing is changed.
      return sendTo(port, whole, { method, headers: headers(bearer), ...(method === "POST" ? { body: "{}" } : {}) });
    };
    const allowed: string[] = [];
    for (const [name, route] of rows) {
      if (name === ("stream" satisfies RouteName)) continue;
      const agent = await ask(route, token);
      const person = await ask(route, owner);
      expect({ name, status: person.status }).not.toEqual({ name, status: 403 });
      if (route.agent === true) allowed.push(name);
      else
        expect({ name, status: agent.status, body: agent.body }).toMatchObject({
          name,
          status: 403,
          body: expect.stringContaining("role-missing"),
        });
      if (route.agent === true) expect({ name, status: agent.status }).toEqual({ name, status: person.status });
    }
    expect(allowed.toSorted()).toEqual([
      "answerMission",
      "listMissions",
      "showMission",
      "showStatus",
      "submitMission",
      "whoAmI",
    ]);
    const stream = await sendTo(port, routes.stream.path, { headers: headers(token) });
    expect(stream.status).toBe(403);
  });

  it("starts no draft, permits no test to change, and signs nobody in", async () => {
    const { port } = apiOf(laboratory.home);
    const post = (path: string, body: object) =>
      sendTo(port, path, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
    const mission = { text: "Add third() to lib/third.js", repo: "small", criterion: ["third(3) returns 1"] };
    const draft = await post("/api/missions", { ...mission, draft: true });
    expect([draft.status, draft.body]).toEqual([409, expect.stringContaining("an agent may not")]);
    const plain = await post("/api/missions", mission);
    expect(plain.status).toBe(200);
    const { mission_id } = JSON.parse(plain.body) as { mission_id: string };
    for (const id of ["tests-1", "coder-1"]) {
      const answer = await post(`/api/missions/${mission_id}/answer`, { answers: [{ id, text: "yes" }] });
      expect([answer.status, answer.body]).toEqual([409, expect.stringContaining("this answer starts a run")]);
    }
    expect((await laboratory.run("mission", "approve", mission_id, "--token-file", tokenFile)).stderr).toContain(
      "the role agent",
    );
    expect((await laboratory.run("mission", "approve", mission_id)).exitCode).toBe(0);
  });

  it("answers nothing about another's mission, and buries nobody's under its own", async () => {
    const { port, token: owner } = apiOf(laboratory.home);
    const as = (bearer: string) => (path: string, body: object) =>
      sendTo(port, path, { method: "POST", headers: { authorization: `Bearer ${bearer}` }, body });
    const submit = (text: string, bearer: string) => as(bearer)("/api/missions", { text, repo: "small" });
    const others = JSON.parse((await submit("Make the other part faster", owner)).body) as {
      mission_id: string;
      questions: { id: string }[];
    };
    const answers = others.questions.map(({ id }) => ({ id, text: "half(4) returns 2" }));
    const path = `/api/missions/${others.mission_id}/answer`;
    expect(await as(token)(path, { answers })).toMatchObject({ status: 409 });
    expect(await as(owner)(path, { answers })).toMatchObject({ status: 200 });
    const statuses: number[] = [];
    for (let number = 1; number <= 21; number += 1)
      statuses.push((await submit(`Make part ${number} of lib/half.js faster`, token)).status);
    expect(statuses.at(-1)).toBe(409);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(15);
    expect((await submit("Make the last part faster", owner)).status).toBe(200);
  });

  it("is the only one that is served, and a foreign page is refused", async () => {
    const viewer = (await laboratory.must("operator", "add", "ben", "--role", "viewer")).stdout.trim();
    const file = join(laboratory.folder, "ben.token");
    writeFileSync(file, viewer, { mode: 0o600 });
    expect((await laboratory.run("mcp", "--token-file", file)).stderr).toContain("only the role agent is served");
    expect((await laboratory.run("mcp")).stderr).toContain("an agent's token is needed");
    const port = Number(new URL(address).port);
    const statusOf = async (more: Record<string, string>) =>
      (
        await sendTo(port, "/mcp", {
          method: "POST",
          headers: { accept: "application/json, text/event-stream", ...more },
          body: { jsonrpc: "2.0", id: 1, method: "tools/list" },
        })
      ).status;
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ authorization: `Bearer ${viewer}` })).toBe(403);
    expect(await statusOf({ authorization: `Bearer ${token}`, origin: "https://evil.example" })).toBe(403);
    expect(await statusOf({ authorization: `Bearer ${token}`, host: "evil.example" })).toBe(403);
    expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(200);
    await laboratory.must("operator", "remove", "claude");
    expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(401);
    expect((await laboratory.must("mcp", "--skill")).stdout).toContain("submit_mission");
  });
});
