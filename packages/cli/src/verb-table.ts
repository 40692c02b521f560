/** Every verb with its file, which is loaded only when one of its verbs is called: `aedev status` must not pay for the others. */
import type { Verb } from "./command-line/verb.ts";

interface Row {
  readonly summary: string;
  readonly load: () => Promise<{ verb: Verb }>;
}
/** The verbs of one noun, which are in one file. `""` is the noun alone. */
function verbsOf<V extends string>(
  noun: string,
  load: () => Promise<{ verbs: Readonly<Record<V, Verb>> }>,
  summaries: Readonly<Record<V, string>>,
): Record<string, Row> {
  const row = (word: V): Row => ({
    summary: summaries[word],
    load: async () => ({ verb: (await load()).verbs[word] }),
  });
  return Object.fromEntries(Object.keys(summaries).map((word) => [`${noun} ${word}`.trim(), row(word as V)]));
}
const table: Readonly<Record<string, Row>> = {
  setup: { summary: "prepare this machine: Docker, the image", load: () => import("./verbs/setup.ts") },
  init: { summary: "set everything up: home, credentials, your phone", load: () => import("./verbs/init.ts") },
  doctor: { summary: "show what is missing on this machine", load: () => import("./verbs/doctor.ts") },
  demo: { summary: "watch one change land, one held, one approved by phone", load: () => import("./verbs/demo.ts") },
  ...verbsOf("daemon", () => import("./verbs/daemon.ts"), {
    start: "start the daemon in the background",
    stop: "stop the daemon and its planes",
    restart: "stop and start the daemon",
    logs: "print what the daemon logged",
    status: "show whether the daemon is running",
  }),
  upgrade: { summary: "say how to upgrade aedev", load: () => import("./verbs/upgrade.ts") },
  watchdog: { summary: "judge from outside whether the daemon works", load: () => import("./verbs/watchdog.ts") },
  ...verbsOf("service", () => import("./verbs/service.ts"), {
    install: "run the daemon as a service",
    uninstall: "remove the daemon's service",
    status: "show the daemon's service",
  }),
  ...verbsOf("repo", () => import("./verbs/repo.ts"), {
    add: "register a repository or change its settings",
    list: "list the repositories",
    show: "show a repository's settings",
    remove: "remove a repository",
    pause: "pause new runs in a repository",
    resume: "resume runs in a repository",
    lane: "how merges without you turned out",
    interview: "answer questions, get PROJECT.md as a mission",
  }),
  pause: { summary: "pause new runs and landings", load: () => import("./verbs/pause.ts") },
  resume: { summary: "resume what was paused or stopped", load: () => import("./verbs/resume.ts") },
  "stop-all": { summary: "stop all runs now; their work is kept", load: () => import("./verbs/stop-all.ts") },
  ...verbsOf("operator", () => import("./verbs/operator.ts"), {
    add: "add a person with a token and a role",
    list: "list the operators",
    remove: "end an operator's token",
  }),
  mcp: { summary: "let another agent submit, follow and answer", load: () => import("./verbs/mcp.ts") },
  ...verbsOf("secrets", () => import("./verbs/secrets.ts"), {
    set: "store a secret (stdin or hidden prompt)",
    list: "list the stored secrets by name",
    remove: "remove a stored secret",
  }),
  ...verbsOf("config", () => import("./verbs/config.ts"), {
    show: "show every key and its source",
    set: "set a key of the configuration",
  }),
  ...verbsOf("flow", () => import("./verbs/flow.ts"), {
    list: "list the flows: plans with parameters",
    show: "show a flow's parameters and parts",
    run: "submit the missions that a flow makes",
    save: "keep a file as a flow of yours",
  }),
  intake: { summary: "say what you want done", load: () => import("./verbs/intake.ts") },
  ...verbsOf("mission", () => import("./verbs/mission.ts"), {
    list: "list the missions",
    show: "show a mission",
    report: "report a mission, each statement with evidence",
    answer: "answer questions on a mission",
    approve: "approve a specification",
    "send-back": "say what to change in a specification",
    reject: "reject a specification",
    update: "change a mission's priority or labels",
    order: "say which missions start first",
    cancel: "cancel a mission and its tasks",
    wait: "wait until a mission ends or needs you",
  }),
  ...verbsOf("proposal", () => import("./verbs/proposal.ts"), {
    list: "list the missions that aedev proposes",
    accept: "submit a proposed mission",
    reject: "reject a proposed mission",
    resume: "let a paused source propose again",
  }),
  ...verbsOf("rule", () => import("./verbs/rule.ts"), {
    add: "add a rule for every run of a repository",
    list: "list the rules",
    remove: "remove a rule",
  }),
  ...verbsOf("memory", () => import("./verbs/memory.ts"), {
    list: "list the lessons, also suggested ones",
    show: "show a lesson and what it cites",
    search: "search the lessons",
    add: "add a lesson about a task's outcome",
    accept: "accept a suggested lesson",
    reject: "reject a suggested lesson",
    remove: "remove a lesson",
    report: "show how much each lesson helps",
  }),
  ...verbsOf("task", () => import("./verbs/task.ts"), {
    list: "list the tasks",
    show: "show a task",
    diff: "show a task's change as a diff",
    logs: "print the log of a task's runs",
    say: "say something to the coder while it works",
    approve: "approve a change for landing",
    "send-back": "send a change back with instructions",
    reject: "reject a change and end its task",
    explain: "what a task waits for and what comes next",
    revert: "prepare the inverse of a landed change",
    outcome: "say how a landed change turned out",
    retry: "start a new run of a task",
    cancel: "cancel a task",
    replay: "run a task again from its recording",
    salvage: "get what a task's runs wrote, also failed ones",
  }),
  ...verbsOf("hold", () => import("./verbs/hold.ts"), {
    list: "list what is parked and why",
    show: "show a hold and the command that helps",
    release: "let a held task continue",
  }),
  ...verbsOf("queue", () => import("./verbs/queue.ts"), {
    "": "show what lands next in each repository",
    pause: "pause landings in a repository",
    resume: "resume landings in a repository",
  }),
  pull: { summary: "bring what landed into your checkout", load: () => import("./verbs/pull.ts") },
  status: { summary: "show what is happening", load: () => import("./verbs/status.ts") },
  "status-board": { summary: "is the night all right?", load: () => import("./verbs/status-board.ts") },
  digest: { summary: "what happened since yesterday", load: () => import("./verbs/digest.ts") },
  ...verbsOf("budget", () => import("./verbs/budget.ts"), {
    "": "the same as budget show",
    show: "show the budgets and what is used",
    raise: "raise a budget, release what it held",
  }),
  usage: { summary: "show what was used and what it costs", load: () => import("./verbs/usage.ts") },
  watch: { summary: "watch the missions live", load: () => import("./verbs/watch.ts") },
  ...verbsOf("events", () => import("./verbs/events.ts"), {
    "": "print the newest events, or follow them",
    verify: "check that the log is whole",
    accept: "accept a log that is not trusted",
    rebuild: "rebuild the views from the log",
    export: "print the log as JSON Lines",
  }),
  backup: { summary: "copy the home into a folder, verified", load: () => import("./verbs/backup.ts") },
  restore: { summary: "make a home from a backup", load: () => import("./verbs/restore.ts") },
  gc: { summary: "delete what nobody needs any more", load: () => import("./verbs/gc.ts") },
  ...verbsOf("evidence", () => import("./verbs/evidence.ts"), {
    show: "show a task's evidence bundle",
    verify: "verify a task's evidence or an exported file",
    export: "export evidence that anyone can verify",
  }),
  ...verbsOf("risk", () => import("./verbs/risk.ts"), {
    explain: "show each factor of a task's score",
    calibrate: "fit risk from history to a repository",
    backtest: "what would have merged of past commits",
  }),
  ...verbsOf("judges", () => import("./verbs/judges.ts"), {
    audit: "plant defects and see who catches them",
    show: "show how good the judges are",
  }),
  ...verbsOf("policy", () => import("./verbs/policy.ts"), {
    check: "check every configuration file",
    simulate: "try a policy on recorded decisions",
    suggest: "what you are asked about in vain",
    diff: "compare what two policies answer",
    test: "check the policy against your cases",
  }),
  completion: {
    summary: "print a shell's completion script",
    load: async () => ({ verb: (await import("./verbs/completion.ts")).completionVerb(loadVerbs) }),
  },
  open: { summary: "open the web app, signed in", load: () => import("./verbs/browser.ts") },
  ...verbsOf("browser", () => import("./verbs/browser.ts"), {
    list: "list the signed-in browsers",
    "sign-out": "sign a browser out",
  }),
  ...verbsOf("phone", () => import("./verbs/phone.ts"), {
    link: "make a link to submit missions by phone",
    list: "list the links of phones",
    revoke: "revoke a link of a phone",
  }),
  ...verbsOf("notify", () => import("./verbs/notify.ts"), {
    test: "send a test message to your phone",
  }),
};
export const verbNames: readonly string[] = Object.keys(table);

/** The nouns by what a person wants, in the order of the help; each noun is in one group. */
export const verbGroups: readonly (readonly [title: string, nouns: readonly string[]])[] = [
  ["Begin", ["setup", "init", "doctor", "demo", "repo"]],
  ["Work and decide", ["intake", "flow", "mission", "task", "hold", "proposal", "rule", "memory", "queue", "pull"]],
  ["See", ["status", "status-board", "open", "watch", "digest", "usage"]],
  ["Stop and go on", ["pause", "resume", "stop-all"]],
  ["Limits, policy and risk", ["budget", "policy", "risk", "judges", "config", "secrets"]],
  ["People, browsers, phones and agents", ["operator", "browser", "phone", "notify", "mcp"]],
  ["Log and evidence", ["events", "evidence", "backup", "restore", "gc"]],
  ["This machine", ["daemon", "service", "watchdog", "upgrade", "completion"]],
];

/** Loads all verbs, for a verb that describes the others. */
async function loadVerbs(): Promise<{ name: string; verb: Verb }[]> {
  return Promise.all(Object.entries(table).map(async ([name, row]) => ({ name, verb: (await row.load()).verb })));
}

export function verbSummary(name: string): string {
  return table[name]?.summary ?? "";
}

/** The verb that the leading words name; longer names take precedence. A word after a one-word verb is its argument, unless it would name another verb. */
export function findVerb(words: readonly string[]): ({ name: string } & Row) | undefined {
  for (const name of [words.slice(0, 2).join(" "), words[0] ?? ""]) {
    const row = Object.hasOwn(table, name) ? table[name] : undefined;
    if (row !== undefined) return { name, ...row };
  }
  return undefined;
}
