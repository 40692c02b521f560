/** Checks whether this home's daemon is running and on which port, and what push messages would need. It sends nothing. */
import { connect } from "node:net";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { findSecrets } from "../home/find-secrets.ts";
import { daemonStatus } from "../process/start-daemon.ts";
import { advice, type Check, isThere } from "./check.ts";

const connectTimeoutMs = 1_000;

export async function daemonCheck({ home }: HomeOptions, configuration: Configuration | null): Promise<Check> {
  const { locked, place: options } = await daemonStatus({ home });
  if (options !== null)
    return advice({ name: "daemon", ok: true, found: `running on port ${options.port}`, help: "aedev daemon stop" });
  if (locked)
    return advice({
      name: "daemon",
      ok: false,
      found: "has locked the home but does not answer",
      help: "aedev daemon stop",
    });
  const port = configuration?.system.port ?? 0;
  if (port !== 0 && (await isTaken(port)))
    return {
      name: "daemon",
      ok: false,
      found: `not running, and another program uses port ${port}`,
      help: "set system.port in config.yaml, or AEDEV_PORT",
    };
  return advice({ name: "daemon", ok: false, found: "not running", help: "aedev daemon start" });
}

/** Tells who may read the status board. */
export function boardCheck(configuration: Configuration | null): Check {
  const isPublic = configuration?.board.public ?? true;
  const found = isPublic
    ? "every account of this machine can read it: titles, holds and their details"
    : "private: only by its link (aedev daemon start), or with a token";
  return advice({ name: "status board", ok: true, found, help: `board.public: ${!isPublic} in config.yaml` });
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: connectTimeoutMs });
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once("connect", () => answer(true));
    socket.once("timeout", () => answer(false));
    socket.once("error", () => answer(false));
  });
}

/** `pause`: the pause that the push server asked for. */
export function notificationsCheck(
  options: HomeOptions,
  configuration: Configuration | null,
  pause: { readonly reason: "quota" | "busy"; readonly untilMs: number } | null,
): Check {
  const { topic, replyTopic, publicUrl, url } = configuration?.notifications ?? {
    topic: null,
    replyTopic: null,
    publicUrl: null,
    url: "",
  };
  const name = "notifications";
  if (topic === null)
    return advice({ name, ok: false, found: "no topic: no messages are sent to a phone", help: "aedev init" });
  const ways = [...(replyTopic === null ? [] : ["reply topic"]), ...(publicUrl === null ? [] : [publicUrl])];
  const hasToken = isThere(findSecrets(options)["AEDEV_NTFY_TOKEN"]);
  const paused = pause !== null && pause.untilMs > Date.now();
  const words = [
    ...(paused
      ? [
          `${pause.reason === "quota" ? "the push server's quota is used up" : "the push server asks for a pause"}: messages wait until ${new Date(pause.untilMs).toISOString()}`,
        ]
      : []),
    `pushes go to ${topic} at ${url}`,
    ways.length === 0
      ? "without buttons (no reply topic and no public address)"
      : `decisions come back by ${ways.join(" and ")}`,
    hasToken ? "AEDEV_NTFY_TOKEN is set" : "AEDEV_NTFY_TOKEN is not set: buttons need a topic that others can't read",
  ];
  return advice({
    name,
    ok: ways.length > 0 && hasToken && !paused,
    found: words.join("; "),
    help: "aedev init && aedev notify test",
  });
}

/** Shows a risk that the operator accepted (SECURITY T11); nothing if they did not. */
export function draftChecks(configuration: Configuration | null): Check[] {
  const { draft, draft_runs_workflows } = configuration?.landing ?? {};
  if (draft !== "after-judging" || draft_runs_workflows !== true) return [];
  const found =
    "risk: draft pull requests run the repositories' workflows, with their secrets, on changes that nobody approved";
  return [{ name: "drafts", ok: true, found, help: "landing.draft_runs_workflows: false" }];
}
