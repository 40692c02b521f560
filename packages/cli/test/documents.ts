/** Complete documents of the API for a fake daemon: a test names the fields that matter, and the rest is filled in here. */
import { type RouteName, routes } from "@aedev/contracts/api";

type Fields = Readonly<Record<string, unknown>>;

const usage = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0, requests: 0 };
const settings = { prepare: null, build: null, inputs: [], outputs: [], verify: [], tests: [], image: null };
const question = { id: "target", text: "Which file?", choices: [], default: "" };
const task = {
  task_id: "t-1",
  runs: [],
  status: "running",
  decision: null,
  hold_code: null,
  hold_detail: null,
  risk_score: null,
  score_kind: null,
  evidence_digest: null,
  change_digest: null,
  landed_commit: null,
  usage,
};
const details = {
  ...task,
  mission_id: "m-1",
  repository: "tool",
  spec_digest: "s1",
  base_commit: null,
  phase: "running",
  verdicts: [],
  reasons: [],
  shares: [],
  hold: null,
  pull_request: null,
  draft_skipped: null,
  run_details: [],
};
const submitted = {
  repository: "tool",
  submitted_at: "2026-01-02T03:04:05.678Z",
  changed_at: "2026-01-02T03:04:05.678Z",
};
const mission = {
  mission_id: "m-1",
  title: "t",
  ...submitted,
  status: "approved",
  priority: "normal",
  labels: [],
  spec_digest: "d1",
  questions: [],
  tasks: [],
};
const clarity = {
  mission_id: "m-1",
  status: "awaiting_approval",
  spec_digest: "d1",
  score: 0,
  signals: [],
  round: 0,
  stuck: false,
  questions: [],
  criteria: [],
  clarifications: [],
  clarified_spec: null,
};
const repository = {
  name: "tool",
  url: "/srv/tool.git",
  target: "default-branch",
  settings,
  profile: null,
  allow_writes: false,
  trial: "untried",
  paused: false,
};
const tried = {
  outcome: "green",
  code: null,
  detail: null,
  commands: [],
  notes: [],
  writable: [],
  without_failing: null,
  commit: "c",
  ref: "refs/heads/main",
};

const ofMission = (body: Fields) => ({ ...mission, ...body, ...each(body, { questions: question, tasks: task }) });
const ofClarity = (body: Fields) => ({ ...clarity, ...body, ...each(body, { questions: question }) });
const ofTask = (body: Fields) => ({ ...details, ...body });
const fills: Partial<Record<RouteName, (body: Fields) => Fields>> = {
  submitMission: ofClarity,
  answerMission: ofClarity,
  acceptDraft: ofClarity,
  showMission: ofMission,
  showTask: ofTask,
  approveMission: ofMission,
  rejectMission: ofMission,
  cancelMission: ofMission,
  approveTask: ofTask,
  rejectTask: ofTask,
  sendBackTask: ofTask,
  tellTask: ofTask,
  retryTask: ofTask,
  cancelTask: ofTask,
  releaseHold: (body) => ({ task: details, ...body }),
  listRepositories: (body) => each(body, { repositories: repository }),
  registerRepository: (body) => ({ ...repository, ...body }),
  tryRepository: (body) => ({ ...tried, ...body }),
  requestAudit: (body) => ({ requested_at: "2026-01-02T03:04:05.678Z", ...body }),
  showAudit: (body) => ({ requested_at: "2026-01-02T03:04:05.678Z", ...body }),
  rebuildEvents: (body) => ({ rebuilt: true, position: 1, hash: "h", ...body }),
};

/** The body, completed to its route's document. */
export function wholeDocument(method: string, path: string, body: unknown): unknown {
  const fill = Object.entries(routes).find(
    ([, route]) =>
      route.method === method && new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}$`).test(path.split("?")[0] ?? ""),
  );
  const name = fill?.[0] as RouteName | undefined;
  if (name === undefined || typeof body !== "object" || body === null) return body;
  return fills[name]?.(body as Fields) ?? body;
}

function each(body: Fields, samples: Readonly<Record<string, Fields>>): Fields {
  const lists = Object.entries(samples).flatMap(([key, sample]) => {
    const list = body[key];
    return Array.isArray(list) ? [[key, list.map((one: Fields) => ({ ...sample, ...one }))]] : [];
  });
  return Object.fromEntries(lists);
}
