/** Every verb with its file, which is loaded only when the verb is called: `aedev status` must not pay for the others. */
import type { Verb } from "./command-line/verb.ts";

interface Row {
  readonly summary: string;
  readonly load: () => Promise<{ verb: Verb }>;
}
const table: Readonly<Record<string, Row>> = {
  init: { summary: "set everything up: home, credentials, your phone", load: () => import("./verbs/init.ts") },
  doctor: { summary: "show what is missing on this machine", load: () => import("./verbs/doctor.ts") },
  demo: { summary: "watch one change land, one held, one approved by phone", load: () => import("./verbs/demo.ts") },
  "daemon start": { summary: "start the daemon in the background", load: () => import("./verbs/daemon/start.ts") },
  "daemon stop": { summary: "stop the daemon and its planes", load: () => import("./verbs/daemon/stop.ts") },
  "daemon restart": { summary: "stop and start the daemon", load: () => import("./verbs/daemon/restart.ts") },
  "daemon logs": { summary: "print what the daemon logged", load: () => import("./verbs/daemon/logs.ts") },
  "daemon status": { summary: "show whether the daemon is running", load: () => import("./verbs/daemon/status.ts") },
  watchdog: { summary: "judge from outside whether the daemon works", load: () => import("./verbs/watchdog.ts") },
  "service install": { summary: "run the daemon as a service", load: () => import("./verbs/service/install.ts") },
  "service uninstall": { summary: "remove the daemon's service", load: () => import("./verbs/service/uninstall.ts") },
  "service status": { summary: "show the daemon's service", load: () => import("./verbs/service/status.ts") },
  "repo add": { summary: "register a repository or change its settings", load: () => import("./verbs/repo/add.ts") },
  "repo list": { summary: "list the repositories", load: () => import("./verbs/repo/list.ts") },
  "repo show": { summary: "show a repository's settings", load: () => import("./verbs/repo/show.ts") },
  "repo remove": { summary: "remove a repository", load: () => import("./verbs/repo/remove.ts") },
  "repo pause": { summary: "pause new runs in a repository", load: () => import("./verbs/repo/pause.ts") },
  "repo resume": { summary: "resume runs in a repository", load: () => import("./verbs/repo/resume.ts") },
  pause: { summary: "pause new runs and landings", load: () => import("./verbs/pause.ts") },
  resume: { summary: "resume what was paused or stopped", load: () => import("./verbs/resume.ts") },
  "stop-all": { summary: "stop all runs now; their work is kept", load: () => import("./verbs/stop-all.ts") },
  "operator add": { summary: "add a person with a token and a role", load: () => import("./verbs/operator/add.ts") },
  "operator list": { summary: "list the operators", load: () => import("./verbs/operator/list.ts") },
  "operator remove": { summary: "end an operator's token", load: () => import("./verbs/operator/remove.ts") },
  "secrets set": { summary: "store a secret (stdin or hidden prompt)", load: () => import("./verbs/secrets/set.ts") },
  "secrets list": { summary: "list the stored secrets by name", load: () => import("./verbs/secrets/list.ts") },
  "secrets remove": { summary: "remove a stored secret", load: () => import("./verbs/secrets/remove.ts") },
  "config show": { summary: "show every key and its source", load: () => import("./verbs/config/show.ts") },
  "config set": { summary: "set a key of the configuration", load: () => import("./verbs/config/set.ts") },
  intake: { summary: "say what you want done", load: () => import("./verbs/intake.ts") },
  "mission list": { summary: "list the missions", load: () => import("./verbs/mission/list.ts") },
  "mission show": { summary: "show a mission", load: () => import("./verbs/mission/show.ts") },
  "mission answer": { summary: "answer questions on a mission", load: () => import("./verbs/mission/answer.ts") },
  "mission approve": { summary: "approve a specification", load: () => import("./verbs/mission/approve.ts") },
  "mission send-back": {
    summary: "say what to change in a specification",
    load: () => import("./verbs/mission/send-back.ts"),
  },
  "mission reject": { summary: "reject a specification", load: () => import("./verbs/mission/reject.ts") },
  "mission cancel": { summary: "cancel a mission and its tasks", load: () => import("./verbs/mission/cancel.ts") },
  "mission wait": { summary: "wait until a mission ends or needs you", load: () => import("./verbs/mission/wait.ts") },
  "proposal list": { summary: "list the missions that aedev proposes", load: () => import("./verbs/proposal/list.ts") },
  "proposal accept": { summary: "submit a proposed mission", load: () => import("./verbs/proposal/accept.ts") },
  "proposal reject": { summary: "reject a proposed mission", load: () => import("./verbs/proposal/reject.ts") },
  "task list": { summary: "list the tasks", load: () => import("./verbs/task/list.ts") },
  "task show": { summary: "show a task", load: () => import("./verbs/task/show.ts") },
  "task diff": { summary: "show a task's change as a diff", load: () => import("./verbs/task/diff.ts") },
  "task logs": { summary: "print the log of a task's runs", load: () => import("./verbs/task/logs.ts") },
  "task approve": { summary: "approve a change for landing", load: () => import("./verbs/task/approve.ts") },
  "task send-back": {
    summary: "send a change back with instructions",
    load: () => import("./verbs/task/send-back.ts"),
  },
  "task reject": { summary: "reject a change and end its task", load: () => import("./verbs/task/reject.ts") },
  "task explain": {
    summary: "what a task waits for and what comes next",
    load: () => import("./verbs/task/explain.ts"),
  },
  "task revert": { summary: "prepare the inverse of a landed change", load: () => import("./verbs/task/revert.ts") },
  "task outcome": { summary: "say how a landed change turned out", load: () => import("./verbs/task/outcome.ts") },
  "task retry": { summary: "start a new run of a task", load: () => import("./verbs/task/retry.ts") },
  "task cancel": { summary: "cancel a task", load: () => import("./verbs/task/cancel.ts") },
  "task replay": { summary: "run a task again from its recording", load: () => import("./verbs/task/replay.ts") },
  "task salvage": {
    summary: "get what a task's runs wrote, also failed ones",
    load: () => import("./verbs/task/salvage.ts"),
  },
  "hold list": { summary: "list what is parked and why", load: () => import("./verbs/hold/list.ts") },
  "hold show": { summary: "show a hold and the command that helps", load: () => import("./verbs/hold/show.ts") },
  "hold release": { summary: "let a held task continue", load: () => import("./verbs/hold/release.ts") },
  queue: { summary: "show what lands next in each repository", load: () => import("./verbs/queue/show.ts") },
  "queue pause": { summary: "pause landings in a repository", load: () => import("./verbs/queue/pause.ts") },
  "queue resume": { summary: "resume landings in a repository", load: () => import("./verbs/queue/resume.ts") },
  status: { summary: "show what is happening", load: () => import("./verbs/status.ts") },
  digest: { summary: "what happened since yesterday", load: () => import("./verbs/digest.ts") },
  budget: { summary: "the same as budget show", load: () => import("./verbs/budget/show.ts") },
  "budget show": { summary: "show the budgets and what is used", load: () => import("./verbs/budget/show.ts") },
  "budget raise": { summary: "raise a budget, release what it held", load: () => import("./verbs/budget/raise.ts") },
  usage: { summary: "show what was used and what it costs", load: () => import("./verbs/usage.ts") },
  watch: { summary: "watch the missions live", load: () => import("./verbs/watch.ts") },
  events: { summary: "print the newest events, or follow them", load: () => import("./verbs/events/show.ts") },
  "events verify": { summary: "check that the log is whole", load: () => import("./verbs/events/verify.ts") },
  "events accept": { summary: "accept a log that is not trusted", load: () => import("./verbs/events/accept.ts") },
  "events rebuild": { summary: "rebuild the views from the log", load: () => import("./verbs/events/rebuild.ts") },
  "events export": { summary: "print the log as JSON Lines", load: () => import("./verbs/events/export.ts") },
  backup: { summary: "copy the home into a folder, verified", load: () => import("./verbs/backup.ts") },
  restore: { summary: "make a home from a backup", load: () => import("./verbs/restore.ts") },
  gc: { summary: "delete what nobody needs any more", load: () => import("./verbs/gc.ts") },
  "evidence show": { summary: "show a task's evidence bundle", load: () => import("./verbs/evidence/show.ts") },
  "evidence verify": {
    summary: "verify a task's evidence or an exported file",
    load: () => import("./verbs/evidence/verify.ts"),
  },
  "evidence export": {
    summary: "export evidence that anyone can verify",
    load: () => import("./verbs/evidence/export.ts"),
  },
  "risk explain": { summary: "show each factor of a task's score", load: () => import("./verbs/risk/explain.ts") },
  "judges audit": { summary: "plant defects and see who catches them", load: () => import("./verbs/judges/audit.ts") },
  "judges show": { summary: "show how good the judges are", load: () => import("./verbs/judges/show.ts") },
  "policy check": { summary: "check every configuration file", load: () => import("./verbs/policy/check.ts") },
  completion: {
    summary: "print a shell's completion script",
    load: async () => ({ verb: (await import("./verbs/completion.ts")).completionVerb(loadVerbs) }),
  },
  "phone link": { summary: "make a link to submit missions by phone", load: () => import("./verbs/phone/link.ts") },
  "phone list": { summary: "list the links of phones", load: () => import("./verbs/phone/list.ts") },
  "phone revoke": { summary: "revoke a link of a phone", load: () => import("./verbs/phone/revoke.ts") },
  "notify test": { summary: "send a test message to your phone", load: () => import("./verbs/notify/test.ts") },
};
export const verbNames: readonly string[] = Object.keys(table);

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
