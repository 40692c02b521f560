/** Every route of the table against a real daemon: each answer has the promised form, and the description names exactly these routes. */
import { type ErrorDocument, errorDocumentSchema, type Route, type RouteName, routes } from "@aedev/contracts/api";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiAddress, apiOf, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
let api: ApiAddress;
let remote = "";
const ids = {
  mission: "",
  clarifying: "",
  rejected: "",
  cancelled: "",
  task: "",
  other: "",
  hold: "",
  audit: "",
  drafted: "",
  token: "",
  code: "",
  browser: "",
  rule: "",
};

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  api = apiOf(laboratory.home);
  remote = await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly token?: string;
}

/** Status and parsed body of a call; the body was validated against the table. */
async function call(name: RouteName, { params = {}, query = "", body, token = api.token }: Call = {}) {
  const route: Route = routes[name];
  const path = route.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""));
  const headers = { authorization: `Bearer ${token}` };
  const received = await sendTo(api.port, `${path}${query}`, { method: route.method, headers, body });
  const isJson = route.media === undefined || received.status !== 200;
  const document: unknown = isJson ? JSON.parse(received.body) : received.body;
  expect({ name, status: received.status, problem: problemOf(route, received.status, document) }).toMatchObject({
    problem: null,
  });
  return { status: received.status, document };
}

function problemOf(route: Route, status: number, document: unknown): string | null {
  if (status !== 200 && ![400, 401, 403, 404, 409, 413, 414, 415, 500].includes(status))
    return `status ${status} is not promised`;
  if (status === 404 || status === 409)
    if (route.refusals?.includes(status) !== true) return `status ${status} is not promised by this route`;
  const result = (status === 200 ? route.answer : errorDocumentSchema).safeParse(document);
  return result.success ? null : JSON.stringify(result.error.issues);
}

async function done<T = Record<string, unknown>>(name: RouteName, given: Call = {}): Promise<T> {
  const { status, document } = await call(name, given);
  expect({ name, status, document }).toMatchObject({ status: 200 });
  return document as T;
}

async function refused(name: RouteName, expected: number, given: Call = {}): Promise<ErrorDocument> {
  const { status, document } = await call(name, given);
  expect({ name, status }).toEqual({ name, status: expected });
  return document as ErrorDocument;
}

const of = (id: string) => ({ params: { id } });
const mission = { text: "Add half() to lib/add.js", repo: "small", criterion: ["a new test of half() is green"] };
const submit = async (body: object) =>
  (await done<{ mission_id: string }>("submitMission", { body: { again: true, ...body } })).mission_id;
const taskOf = async (id: string) =>
  (await done<{ tasks: { task_id: string }[] }>("showMission", of(id))).tasks[0]?.task_id ?? "";

/** The calls of each route: at least one valid, and invalid ones. */
const calls: { readonly [K in RouteName]: () => Promise<unknown> } = {
  submitMission: async () => {
    ids.mission = await submit(mission);
    ids.rejected = await submit({ ...mission, priority: "low" });
    ids.cancelled = await submit({ ...mission, criterion: "a new test of half() is green", after: ids.mission });
    ids.clarifying = await submit({ text: "fix it", repo: "small" });
    const { same } = (await refused("submitMission", 409, { body: mission })).error as {
      same?: { mission_id: string };
    };
    expect([ids.mission, ids.rejected, ids.cancelled]).toContain(same?.mission_id);
    await refused("submitMission", 400, { body: { ...mission, text: " " } });
    await refused("submitMission", 409, { body: { ...mission, repo: "nowhere" } });
  },
  submitPlan: async () => {
    const part = { text: "Add third() to lib/add.js", repo: "small", criteria: ["a new test of third() is green"] };
    const tasks = [
      { ...part, name: "one" },
      { ...part, text: "Add fourth() to lib/add.js", name: "two", after: ["one"] },
    ];
    const { mission: whole } = await done<{ mission: { mission_id: string } }>("submitPlan", {
      body: { text: "Add third() and fourth()", tasks },
    });
    await done("cancelMission", { ...of(whole.mission_id), body: {} });
    await refused("submitPlan", 409, { body: { text: "Add both", tasks: [{ ...part, name: "one", after: ["one"] }] } });
    await refused("submitPlan", 400, { body: { text: "Add nothing", tasks: [] } });
  },
  listMissions: () => done("listMissions"),
  showMission: async () => {
    await done("showMission", of(ids.clarifying));
    await refused("showMission", 404, of("m-nothing"));
    await refused("showMission", 414, of("m".repeat(101)));
  },
  answerMission: async () => {
    const { questions } = await done<{ questions: { id: string; default: string; choices: string[] }[] }>(
      "showMission",
      of(ids.clarifying),
    );
    const answers = questions.map(({ id, default: usual, choices }) => ({ id, text: usual || (choices[0] ?? "") }));
    await done("answerMission", { ...of(ids.clarifying), body: { answers } });
    await refused("answerMission", 409, { ...of(ids.mission), body: { answers: [{ id: "x", text: "y" }] } });
    await refused("answerMission", 404, { ...of("m-nothing"), body: { answers: [] } });
    await refused("answerMission", 400, { ...of(ids.mission), body: {} });
  },
  approveMission: async () => {
    await refused("approveMission", 409, { ...of(ids.mission), body: { digest: "0".repeat(64) } });
    await refused("approveMission", 404, { ...of("m-nothing"), body: {} });
    await refused("approveMission", 400, { ...of(ids.mission), body: { status: "landed" } });
    await done("approveMission", { ...of(ids.mission), body: {} });
    ids.task = await taskOf(ids.mission);
  },
  sendBackMission: async () => {
    await done("sendBackMission", { ...of(ids.rejected), body: { reason: "only lib/add.js" } });
    await refused("sendBackMission", 409, { ...of(ids.rejected), body: { reason: " " } });
    await refused("sendBackMission", 404, { ...of("m-nothing"), body: { reason: "another way" } });
    await refused("sendBackMission", 400, { ...of(ids.rejected), body: {} });
  },
  rejectMission: async () => {
    await done("rejectMission", { ...of(ids.rejected), body: { reason: "not now" } });
    await refused("rejectMission", 409, { ...of(ids.rejected), body: {} });
    await refused("rejectMission", 404, { ...of("m-nothing"), body: {} });
  },
  updateMission: async () => {
    const updated = { ...of(ids.cancelled), body: { priority: "urgent", labels: ["b", "a", "b"] } };
    expect(await done("updateMission", updated)).toMatchObject({ priority: "urgent", labels: ["a", "b"] });
    await refused("updateMission", 400, { ...of(ids.cancelled), body: {} });
    await refused("updateMission", 400, { ...of(ids.cancelled), body: { labels: ["\u202e"] } });
    await refused("updateMission", 404, { ...of("m-nothing"), body: { labels: [] } });
  },
  cancelMission: async () => {
    await done("cancelMission", { ...of(ids.cancelled), body: {} });
    await refused("cancelMission", 409, { ...of(ids.cancelled), body: {} });
    await refused("cancelMission", 404, of("m-nothing"));
  },
  // Without the engine the draft fails; draft.e2e.test.ts accepts one.
  requestDraft: async () => {
    ids.drafted = await submit({ text: "make it nice", repo: "small" });
    await refused("showDraft", 404, of(ids.drafted));
    await done("requestDraft", { ...of(ids.drafted), body: {} });
    await refused("requestDraft", 404, { ...of("m-nothing"), body: {} });
    await refused("requestDraft", 409, { ...of(ids.rejected), body: {} });
  },
  showDraft: async () => {
    const ended = await laboratory.until(async () => {
      const draft = await done<{ status: string; code: string | null }>("showDraft", of(ids.drafted));
      return draft.status === "running" ? undefined : draft;
    });
    expect(ended).toMatchObject({ status: "failed", code: "HOLD-DOCKER-UNAVAILABLE" });
    await refused("showDraft", 404, of("m-nothing"));
  },
  acceptDraft: async () => {
    const body = { run_id: "r-0123456789abcdef" };
    await refused("acceptDraft", 409, { ...of(ids.drafted), body });
    await refused("acceptDraft", 404, { ...of("m-nothing"), body });
    await refused("acceptDraft", 400, { ...of(ids.drafted), body: {} });
  },
  // Without the engine the task is held before its first run.
  listHolds: async () => {
    const held = await laboratory.until(async () => {
      const { holds } = await done<{ holds: { hold_id: string }[] }>("listHolds");
      return holds[0];
    });
    ids.hold = held.hold_id;
  },
  listTasks: () => done("listTasks"),
  showTask: async () => {
    await done("showTask", of(ids.task));
    await refused("showTask", 404, of("t-nothing"));
  },
  showStatus: () => done("showStatus"),
  statusBoard: async () => expect(await done<string>("statusBoard")).toContain("<!doctype html>"),
  statusBoardDocument: () => done("statusBoardDocument", { token: "" }),
  metrics: async () => {
    expect(await done<string>("metrics")).toContain('aedev_missions{status="landed"} 0');
    await refused("metrics", 401, { token: "0" });
  },
  releaseHold: async () => {
    await done("releaseHold", { ...of(ids.hold), body: {} });
    await refused("releaseHold", 404, of("h-nothing"));
  },
  approveTask: async () => {
    await refused("approveTask", 409, { ...of(ids.task), body: { digest: "0".repeat(64) } });
    await refused("approveTask", 404, { ...of("t-nothing"), body: {} });
  },
  rejectTask: async () => {
    await refused("rejectTask", 404, { ...of("t-nothing"), body: { reason: "another way" } });
    await refused("rejectTask", 400, { ...of(ids.task), body: { reason: "x".repeat(2_001) } });
  },
  sendBackTask: async () => {
    await refused("sendBackTask", 409, { ...of(ids.task), body: { reason: " " } });
    await refused("sendBackTask", 404, { ...of("t-nothing"), body: { reason: "another way" } });
    await refused("sendBackTask", 400, { ...of(ids.task), body: { reason: "x".repeat(2_001) } });
    await refused("sendBackTask", 400, { ...of(ids.task), body: {} });
  },
  judgeTaskOutcome: async () => {
    await refused("judgeTaskOutcome", 409, { ...of(ids.task), body: { outcome: "good" } });
    await refused("judgeTaskOutcome", 404, { ...of("t-nothing"), body: { outcome: "bad", why: "it is slow" } });
    await refused("judgeTaskOutcome", 400, { ...of(ids.task), body: { outcome: "red" } });
  },
  revertTask: async () => {
    await refused("revertTask", 409, of(ids.task));
    await refused("revertTask", 404, of("t-nothing"));
  },
  cancelTask: async () => {
    await done("cancelTask", { ...of(ids.task), body: {} });
    await refused("cancelTask", 409, { ...of(ids.task), body: {} });
    await refused("cancelTask", 404, of("t-nothing"));
  },
  tellTask: async () => {
    await refused("tellTask", 409, { ...of(ids.task), body: { text: "use the helper" } });
    await refused("tellTask", 404, { ...of("t-nothing"), body: { text: "use the helper" } });
    await refused("tellTask", 400, { ...of(ids.task), body: { text: " " } });
  },
  retryTask: async () => {
    await refused("retryTask", 409, { ...of(ids.task), body: {} });
    await refused("retryTask", 404, of("t-nothing"));
  },
  listRepositories: () => done("listRepositories"),
  detectRepository: async () => {
    await done("detectRepository", { body: { path_or_url: remote } });
    await done("detectRepository", { body: { path_or_url: remote, name: "another" } });
    await refused("detectRepository", 409, { body: { path_or_url: "/nowhere" } });
    await refused("detectRepository", 400, { body: {} });
  },
  tryRepository: async () => {
    const body = { path_or_url: remote, name: "small", verify: "node --test" };
    const { outcome, code } = await done<{ outcome: string; code: string }>("tryRepository", { body });
    expect({ outcome, code }).toEqual({ outcome: "held", code: "HOLD-DOCKER-UNAVAILABLE" });
    await refused("tryRepository", 409, { body: { ...body, name: "no name" } });
    await refused("tryRepository", 400, { body: { ...body, mutation_time: "5" } });
  },
  showTrial: async () => {
    const none = await done<{ lines: string[] }>("showTrial", { params: { name: "small" } });
    expect(none.lines).toEqual([]);
  },
  // set-up-run.e2e.test.ts tests the run itself.
  setUpRepository: async () => {
    const untried = await refused("setUpRepository", 409, {
      body: { path_or_url: remote, name: "small", verify: "false" },
    });
    expect(untried.error.code).toBe("nothing-to-set-up");
    await refused("setUpRepository", 400, { body: { name: "small" } });
  },
  registerRepository: async () => {
    const body = { path_or_url: remote, name: "small", inputs: "package.json,package-lock.json", mutation_time: "5m" };
    const { settings } = await done<{ settings: object }>("registerRepository", { body });
    expect(settings).toMatchObject({ inputs: ["package.json", "package-lock.json"], mutation_time_ms: 300_000 });
    await refused("registerRepository", 400, { body: { ...body, token: "x" } });
    await refused("registerRepository", 409, { body: { ...body, path_or_url: "/nowhere" } });
  },
  removeRepository: async () => {
    const named = { params: { name: "gone" } };
    await done("registerRepository", { body: { path_or_url: remote, name: "gone" } });
    await done("removeRepository", { ...named, body: {} });
    await refused("removeRepository", 409, { ...named, body: {} });
    await refused("removeRepository", 409, { params: { name: "small" }, body: { cancel_open: false } });
    await refused("removeRepository", 400, { ...named, body: { by: "force" } });
  },
  collect: async () => {
    expect(await done("collect", { body: {} })).toMatchObject({ dry_run: false, expired: { count: 0 } });
    await refused("collect", 400, { body: { dry_run: true } });
  },
  showQueue: async () => {
    const empty = await done("showQueue");
    expect(empty).toEqual({ repositories: [] });
    const own = { query: "?repository=small" };
    expect(await done("showQueue", own)).toMatchObject({ repositories: [{ repository: "small", paused: null }] });
    await refused("showQueue", 404, { query: "?repository=nowhere" });
  },
  pauseLandings: async () => {
    const name = { params: { name: "small" }, body: {} };
    expect(await done("pauseLandings", name)).toMatchObject({ name: "small", paused: false, landings_paused: true });
    await refused("pauseLandings", 409, { params: { name: "nowhere" }, body: {} });
    expect(await done("showQueue")).toMatchObject({ repositories: [{ repository: "small", paused: "landings" }] });
  },
  resumeLandings: async () => {
    const name = { params: { name: "small" }, body: {} };
    const resumed = await done("resumeLandings", name);
    expect(resumed).toMatchObject({ was_paused: true });
    expect(resumed).not.toHaveProperty("landings_paused");
    expect(await done("resumeLandings", name)).toMatchObject({ was_paused: false });
    await refused("resumeLandings", 409, { params: { name: "nowhere" }, body: {} });
  },
  reopenLane: async () => {
    const named = { params: { name: "small" } };
    const body = { lane: "behaviour", reason: "the check was flaky" };
    expect(await done("reopenLane", { ...named, body })).toMatchObject({ name: "small" });
    await refused("reopenLane", 400, { ...named, body: { lane: "behaviour" } });
    await refused("reopenLane", 400, { ...named, body: { ...body, lane: "pictures" } });
    await refused("reopenLane", 409, { params: { name: "nowhere" }, body });
  },
  pauseRepository: async () => {
    expect(await done("pauseRepository", { params: { name: "small" }, body: {} })).toMatchObject({ paused: true });
    await refused("pauseRepository", 409, { params: { name: "nowhere" }, body: {} });
  },
  resumeRepository: async () => {
    const name = { params: { name: "small" }, body: {} };
    const resumed = await done("resumeRepository", name);
    expect(resumed).toMatchObject({ paused: false, was_paused: true });
    expect(resumed).not.toHaveProperty("all_paused");
    await done("pauseWork", { body: {} });
    expect(await done("resumeRepository", name)).toMatchObject({ was_paused: false, all_paused: { stop_runs: false } });
    await done("resumeWork", { body: {} });
    await refused("resumeRepository", 409, { params: { name: "nowhere" }, body: {} });
  },
  pauseWork: async () => {
    expect(await done("pauseWork", { body: {} })).toMatchObject({ paused: { stop_runs: false }, stopped: [] });
    expect(await done("pauseWork", { body: { stop_runs: true } })).toMatchObject({ paused: { stop_runs: true } });
    await refused("pauseWork", 400, { body: { stop_runs: 1 } });
  },
  resumeWork: async () => {
    expect(await done("resumeWork", { body: {} })).toEqual({
      was_paused: true,
      paused: null,
      stopped: [],
      paused_repositories: [],
    });
    await refused("resumeWork", 400, { body: { repository: "small" } });
  },
  listEvents: async () => {
    const { events } = await done<{ events: { position: number }[] }>("listEvents");
    expect(events.length).toBeGreaterThan(8);
    expect(await done("listEvents", { query: "?limit=1&after=1" })).toMatchObject({ events: [{ position: 2 }] });
    await refused("listEvents", 400, { query: "?limit=0" });
    await refused("listEvents", 401, { token: "0" });
  },
  verifyEvents: async () => expect(await done("verifyEvents")).toEqual({ ok: true, problems: [], warnings: [] }),
  rebuildEvents: () => done("rebuildEvents"),
  acceptLog: () =>
    refused("acceptLog", 409, { body: { position: 1, hash: "0".repeat(64), reason: "nothing is wrong" } }),
  estimateAudit: async () => {
    await done("estimateAudit", { body: { n: 6 } });
    await refused("estimateAudit", 400, { body: { n: 0 } });
  },
  requestAudit: async () => {
    ids.audit = (await done<{ audit_id: string }>("requestAudit", { body: { n: 1 } })).audit_id;
    await refused("requestAudit", 400, { body: {} });
  },
  showAnalytics: async () => {
    const { position, submitted } = await done<{ position: number; submitted: number }>("showAnalytics");
    expect(position).toBeGreaterThan(0);
    expect(submitted).toBeGreaterThan(0);
    const other = await done<{ submitted: number }>("showAnalytics", { query: "?repository=other&since=2026-01-31" });
    expect(other.submitted).toBe(0);
    await refused("showAnalytics", 400, { query: "?since=yesterday" });
  },
  listSessions: async () => {
    await done("listSessions", { query: "?limit=1&repository=small&text=half" });
    await refused("listSessions", 400, { query: "?limit=0" });
  },
  showModels: () => done("showModels", { query: "?since=2026-01-31" }),
  showActivity: async () => {
    const { runs } = await done<{ runs: unknown[] }>("showActivity");
    expect(runs).toEqual([]);
  },
  showTaskLog: async () => {
    await done("showTaskLog", of(ids.task));
    await refused("showTaskLog", 404, of("t-nothing"));
  },
  // Nothing has been sealed here; the browser's test saves a file.
  exportEvidence: async () => {
    await refused("exportEvidence", 409, of(ids.task));
    await refused("exportEvidence", 404, of("t-nothing"));
  },
  showConfiguration: async () => {
    const { keys } = await done<{ keys: { key: string; source: string; change: string }[] }>("showConfiguration");
    expect(keys.find(({ key }) => key === "limits.run_timeout")).toMatchObject({
      source: "default",
      change: "aedev config set limits.run_timeout VALUE",
    });
  },
  showRepository: async () => {
    const small = await done<{ settings: unknown[]; base: unknown }>("showRepository", { params: { name: "small" } });
    expect(small.settings).toContainEqual({ key: "build", value: "null", source: "none" });
    await refused("showRepository", 404, { params: { name: "nowhere" } });
  },
  showRoadmap: async () => {
    await done("showRoadmap", { params: { name: "small" } });
    await refused("showRoadmap", 404, { params: { name: "nowhere" } });
  },
  orderMissions: async () => {
    await refused("orderMissions", 409, { body: { missions: ["m-nothing"] } });
    await done("orderMissions", { body: { missions: [] } });
    await refused("orderMissions", 409, { body: { missions: [ids.cancelled] } });
  },
  showJudges: async () => {
    const { families } = await done<{ families: { family: string }[] }>("showJudges");
    expect(families.map(({ family }) => family)).toEqual(["openai", "gemini"]);
  },
  showAudit: async () => {
    await done("showAudit", of(ids.audit));
    await refused("showAudit", 404, of("u-nothing"));
  },
  probe: async () => {
    expect(await done("probe", { body: { what: "coder" } })).toMatchObject({ ok: false });
    await done("probe", { body: { what: "openai" } });
    await refused("probe", 400, { body: { what: "nobody" } });
  },
  inviteBrowser: async () => {
    ids.code = (await done<{ address: string }>("inviteBrowser", { body: {} })).address.split("#")[1] ?? "";
    await refused("inviteBrowser", 400, { body: { role: "admin" } });
  },
  // test/browsers.int.test.ts uses the cookie.
  signIn: async () => {
    ids.browser = (await done<{ session_id: string }>("signIn", { body: { code: ids.code } })).session_id;
    await refused("signIn", 409, { body: { code: ids.code } });
    await refused("signIn", 400, { body: { code: "x" } });
  },
  stream: async () => {
    const response = await fetch(`http://127.0.0.1:${api.port}${routes.stream.path}`, {
      headers: { authorization: `Bearer ${api.token}`, "last-event-id": "0" },
    });
    const { value } = (await response.body?.getReader().read()) ?? {};
    const [id, data] = Buffer.from(value ?? [])
      .toString("utf8")
      .split("\n");
    expect(id).toMatch(/^id: \d+$/);
    expect(routes.stream.answer.safeParse(JSON.parse((data ?? "").slice("data: ".length))).error).toBeUndefined();
    await response.body?.cancel().catch(() => undefined);
  },
  showDecision: async () => {
    await done("showDecision", of(ids.mission));
    await refused("showDecision", 404, of("m-nothing"));
  },
  showInbox: async () => {
    await done("showInbox");
    await refused("showInbox", 401, { token: "0" });
  },
  // Nothing was changed here; test/web-app.browser.test.ts reads a change.
  showPatchFile: async () => {
    await refused("showPatchFile", 404, { ...of("t-nothing"), query: "?digest=x&file=0" });
    await refused("showPatchFile", 400, { ...of("t-nothing"), query: "?digest=x&file=-1" });
  },
  proveToBrowser: async () => {
    const nonce = "a".repeat(64);
    await done("proveToBrowser", { query: `?session_id=${ids.browser}&nonce=${nonce}` });
    await refused("proveToBrowser", 404, { query: `?session_id=b-nothing&nonce=${nonce}` });
    await refused("proveToBrowser", 400, { query: "?session_id=x&nonce=y" });
  },
  whoAmI: () => done("whoAmI"),
  listBrowsers: () => done("listBrowsers"),
  signOut: async () => {
    await done("signOut", { ...of(ids.browser), body: {} });
    await refused("signOut", 409, { ...of(ids.browser), body: {} });
  },
  listPhoneLinks: () => done("listPhoneLinks"),
  // There is no public address here; phone-link.int.test.ts makes a link.
  makePhoneLink: async () => {
    await refused("makePhoneLink", 409, { body: { expires_in_ms: 60_000 } });
    await refused("makePhoneLink", 400, { body: { expires_in_ms: 1 } });
  },
  revokePhoneLink: () => refused("revokePhoneLink", 404, of("l-nothing")),
  // Nothing is proposed here; test/proposals.int.test.ts accepts and rejects proposals.
  listProposals: () => done("listProposals"),
  acceptProposal: () => refused("acceptProposal", 404, of("p-nothing")),
  rejectProposal: () => refused("rejectProposal", 404, of("p-nothing")),
  showMemory: () => done("showMemory"),
  addRule: async () => {
    ids.rule = (
      await done<{ rule_id: string }>("addRule", { body: { repository: "small", text: "Use tabs" } })
    ).rule_id;
    await refused("addRule", 409, { body: { repository: "small", text: "Use tabs!" } });
    await refused("addRule", 409, { body: { repository: "nowhere", text: "Use tabs" } });
    await refused("addRule", 400, { body: { repository: "small", text: "x".repeat(301) } });
  },
  removeRule: async () => {
    await done("removeRule", { ...of(ids.rule), body: {} });
    await refused("removeRule", 404, of(ids.rule));
  },
  // No run has an outcome here; test/memory.int.test.ts accepts and removes lessons.
  addLesson: () =>
    refused("addLesson", 409, { body: { task_id: "t-nothing", topic: "review", text: "Use tabs", files: [] } }),
  acceptLesson: () => refused("acceptLesson", 404, of("k-nothing")),
  rejectLesson: () => refused("rejectLesson", 404, of("k-nothing")),
  removeLesson: () => refused("removeLesson", 404, of("k-nothing")),
  showMemoryReport: () => done("showMemoryReport"),
  resumeProposalSource: async () => {
    const body = { source: "todo" };
    expect(await done("resumeProposalSource", { params: { name: "small" }, body })).toMatchObject({ proposals: [] });
    await refused("resumeProposalSource", 400, { params: { name: "small" }, body: { source: "dreams" } });
    await refused("resumeProposalSource", 409, { params: { name: "nowhere" }, body });
  },
  testNotification: async () => {
    await refused("testNotification", 409, { body: {} });
    await refused("testNotification", 400, { body: { topic: "x" } });
  },
  addOperator: async () => {
    const { token } = await done<{ token: string }>("addOperator", { body: { name: "anna", role: "viewer" } });
    await done("listMissions", { token });
    const refusal = await refused("submitMission", 403, { token, body: mission });
    expect(refusal.error).toMatchObject({ code: "role-missing", reason: expect.stringContaining("operator") });
    await refused("addOperator", 409, { body: { name: "anna", role: "viewer" } });
    await refused("addOperator", 400, { body: { name: "Anna", role: "viewer" } });
    expect(JSON.stringify(await done("listEvents"))).not.toContain(token);
    ids.token = token;
  },
  listOperators: async () => {
    const { operators } = await done<{ operators: object[] }>("listOperators");
    expect(operators).toMatchObject([{ name: "anna", role: "viewer", token_works: true }]);
  },
  // A stream that was opened with the token ends with it.
  removeOperator: async () => {
    const headers = { authorization: `Bearer ${ids.token}` };
    const followed = sendTo(api.port, "/api/events?follow=1", { headers });
    await done("removeOperator", { params: { name: "anna" }, body: {} });
    expect((await followed).body).not.toContain("OperatorRemoved");
    await refused("listMissions", 401, { token: ids.token });
    await refused("removeOperator", 409, { params: { name: "anna" }, body: {} });
  },
  proveDaemon: async () => {
    await done("proveDaemon", { token: "", query: `?key=${"a".repeat(64)}&nonce=${"b".repeat(64)}` });
    await refused("proveDaemon", 400, { token: "", query: "?key=a&nonce=b" });
  },
  health: () => done("health", { token: "" }),
  openapi: () => done("openapi"),
  favicon: async () => expect((await sendTo(api.port, "/favicon.ico")).status).toBe(204),
};

describe("every route of the table", () => {
  for (const [name, exercise] of Object.entries(calls)) it(`answers as it promises: ${name}`, exercise);

  it("would fail its check with a wrong, missing or additional field", async () => {
    const { document } = await call("showTask", of(ids.task));
    const task = document as Record<string, unknown>;
    expect(problemOf(routes.showTask, 200, task)).toBeNull();
    const { status: _status, ...incomplete } = task;
    for (const wrong of [incomplete, { ...task, status: "merged" }, { ...task, usage: null }, { ...task, token: "x" }])
      expect(problemOf(routes.showTask, 200, wrong)).not.toBeNull();
    expect(
      problemOf(routes.listMissions, 409, { error: { code: "internal", reason: "y", hint: null } }),
    ).not.toBeNull();
  });
});

interface Description {
  readonly paths: Record<string, Record<string, { operationId: string; summary: string; responses: object }>>;
  readonly components: { schemas: object };
}

describe("/openapi.json", () => {
  it("is a valid OpenAPI document", async () => {
    const document = await done("openapi");
    const result = await new Validator().validate(document);
    expect(result.errors ?? null).toBeNull();
    expect(result.valid).toBe(true);
    const { "/api/missions": missions, ...rest } = document["paths"] as Record<string, object>;
    const broken = { ...document, paths: { ...rest, "/api/missions": { ...missions, get: { summary: 1 } } } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it("names exactly the routes of the table, each with every answer that it can give", async () => {
    const { paths } = await done<Description & Record<string, unknown>>("openapi");
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    const table = Object.entries(routes).map(
      ([name, { method, path }]) => `${method} ${path.replace(/:(\w+)/g, "{$1}")} ${name}`,
    );
    expect(described.toSorted()).toEqual(table.toSorted());
    expect(paths["/api/missions/{id}/approve"]?.["post"]).toMatchObject({
      summary: expect.any(String),
      responses: {
        200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Mission" } } } },
        409: { content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } },
      },
    });
    expect(Object.keys(paths["/api/missions/{id}/approve"]?.["post"]?.responses ?? {})).toEqual([
      "200",
      "400",
      "401",
      "403",
      "404",
      "409",
      "413",
      "414",
      "415",
      "500",
    ]);
    expect(Object.keys(paths["/health"]?.["get"]?.responses ?? {})).toEqual(["200", "403", "500"]);
  });
});
