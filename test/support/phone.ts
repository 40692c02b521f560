/** A home that asks somebody, without an engine: its log is seeded up to the question, and its push messages go to a fake ntfy server with access control. */
import { join } from "node:path";
import { type Command, type CommandBody, decide } from "@aedev/core";
import { gated, life } from "@aedev/core/testing";
import { openPhone, type Phone, type Push } from "@aedev/fakes/ntfy/phone";
import { type NtfyServer, openNtfyServer } from "@aedev/fakes/ntfy/server";
import { openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import { Laboratory } from "./laboratory.ts";

export const credential = "tk_laboratorypushcredential000000";
export const topic = "aedev-lab-push";
export const replyTopic = "aedev-lab-replies";
/** The shape of a token, to search places that must have none. */
export const tokenShape = /1\.a-[0-9a-z]{10,32}\.(approve|change|reject|answer|revert|raise|look)\./;

/** An ntfy server set up as in docs/PHONE.md: the operator reads and writes, everyone else may only write to the reply topic. */
export function openClosedNtfy(everyone: Readonly<Record<string, "read-only" | "deny">> = {}): Promise<NtfyServer> {
  return openNtfyServer({
    accounts: [{ name: "operator", token: credential, access: { "*": "read-write" } }],
    everyone: { [replyTopic]: "write-only", ...everyone },
    fallback: "deny",
  });
}

export interface AskingHome extends AsyncDisposable {
  readonly laboratory: Laboratory;
  readonly ntfy: NtfyServer;
  readonly phone: Phone;
  /** The push about a task's landing; `place` 1 is the first, 2 the reminder. */
  asked(taskId: string, place?: number): Promise<Push>;
  /** The whole log as text. */
  log(): Promise<string>;
  count(type: string): Promise<number>;
}

export interface AskingHomeOptions {
  readonly tasks: number;
  readonly ntfy?: NtfyServer;
  readonly configuration?: string;
  readonly policies?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called before the daemon starts. */
  readonly prepare?: (ntfy: NtfyServer) => Promise<void>;
}

export const taskId = (place: number) => `t-${"a".repeat(14)}${String(place).padStart(2, "0")}`;
export const missionId = (place: number) => taskId(place).replace("t-", "m-");
export const seededTitle = "修复登录 🚀 Close the hole";

/** Opens the home and starts its daemon; tasks `taskId(1)` and so on are asked about. */
export async function openAskingHome(options: AskingHomeOptions): Promise<AskingHome> {
  const { tasks, configuration, policies } = options;
  const ntfy = options.ntfy ?? (await openClosedNtfy());
  const laboratory = await Laboratory.open({
    ...(configuration === undefined ? {} : { configuration }),
    ...(policies === undefined ? {} : { policies }),
  });
  Object.assign(laboratory.environment, {
    DOCKER_HOST: "unix:///nonexistent/docker.sock",
    AEDEV_NTFY_URL: ntfy.address,
    AEDEV_NTFY_TOPIC: topic,
    AEDEV_NTFY_REPLY_TOPIC: replyTopic,
    AEDEV_NTFY_TOKEN: credential,
    ...options.environment,
  });
  await seedAskedTasks(laboratory.home, tasks);
  const phone = await openPhone({ server: ntfy.address, topic, token: credential, since: "all" });
  await options.prepare?.(ntfy);
  await laboratory.must("daemon", "start");
  const log = async () => (await laboratory.must("events", "export")).stdout;
  return {
    laboratory,
    ntfy,
    phone,
    log,
    count: async (type) => (await log()).split("\n").filter((line) => line.includes(`"type":"${type}"`)).length,
    async asked(id, place = 1) {
      const isIt = (push: Push) => push.title.startsWith("Land?") && push.message.includes(id);
      await phone.next((push) => isIt(push) && phone.pushes.filter(isIt).indexOf(push) === place - 1);
      const found = phone.pushes.filter(isIt)[place - 1];
      if (found === undefined) throw new Error(`nobody is asked about ${id}`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await phone.close();
      await laboratory[Symbol.asyncDispose]();
      await ntfy.close();
    },
  };
}

/** Adds missions whose tasks ran, passed and wait for a person. */
async function seedAskedTasks(home: string, tasks: number): Promise<void> {
  await using log = await openEventLog({ path: join(home, "aedev.db"), decide });
  const { initialized, registered, landing, landed, gated: merged, ...each } = life;
  if (initialized === undefined || registered === undefined || !landing || !landed || !merged)
    throw new Error("the story has other steps");
  const asked = gated("ask", {
    reasons: [{ kind: "chance-of-harm", chance: 180, bound: 0, profile: "safe" }],
    risk_score: -1516,
    score_kind: "log-odds",
    level: "medium",
  });
  const bodies = [registered];
  for (let place = 1; place <= tasks; place += 1)
    for (const body of [...Object.values(each), asked]) bodies.push(ofTask(body, place));
  for (const [index, body] of bodies.entries()) {
    const command = {
      ...body,
      command_id: `seed-${index}`,
      actor: "operator",
      at: new Date().toISOString(),
    } as Command;
    const answer = await log.submit(command);
    if (answer.kind === "refused") throw new Error(`the seed's ${body.kind} was refused: ${answer.reason}`);
  }
}

function ofTask(body: CommandBody, place: number): CommandBody {
  const text = JSON.stringify(body).replace(/\b([mtrh])-a{16}\b/g, (_whole, kind: string) =>
    taskId(place).replace("t-", `${kind}-`),
  );
  return { ...(JSON.parse(text) as CommandBody), ...(body.kind === "SubmitMission" ? { title: seededTitle } : {}) };
}

/** The token behind a button with this label, in whichever form. */
export function tokenOf(push: Push, label: string): string {
  const action = push.actions.find((button) => button.label === label);
  const token = action?.headers["X-Message"] ?? new URL(action?.url ?? "http://localhost").searchParams.get("token");
  if (token === null || token === undefined) throw new Error(`the button ${label} carries no token`);
  return token;
}
