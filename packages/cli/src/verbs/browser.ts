/** `aedev open` and `aedev browser`: signs a browser in to the web app by a one-time link, lists signed-in browsers, and signs them out. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { localTime } from "@aedev/contracts";
import type { BrowserSessionDocument } from "@aedev/contracts/api";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { columns } from "../render/columns.ts";
import type { Session } from "../terminal/session.ts";

const openVerb: Verb = {
  summary:
    "Open the web app, signed in by a link that works once. Where no browser can be started, the link is only printed.",
  options: [
    { flags: "--view", summary: "a browser that only reads, for a screen on the wall" },
    { flags: "--print", summary: "print the link and start no browser" },
  ],
  examples: ["aedev open", "aedev open --view --print"],
  async run(session, input) {
    const answer = await call(session, "inviteBrowser", { body: { view_only: input.flag("view") } });
    if (answer.kind === "refused") return answer;
    const { address, proxy_address } = answer.document;
    const isOpened = !input.flag("print") && startBrowser(session, address);
    const lines = [
      address,
      `${isOpened ? "Your browser opens it." : "Open it in a browser on this machine."} It signs one browser in, once, within ten minutes.`,
      ...(proxy_address === null ? [] : [`elsewhere, instead: ${proxy_address}`]),
      "to see and sign out browsers: aedev browser list",
    ];
    return done(answer.document, lines.join("\n"));
  },
};

/**
 * Starts the person's browser, if there is a screen. The browser gets the path of a file that only this user can read, because every user of the machine sees the
 * arguments of a process.
 */
function startBrowser({ terminal, json, environment, home, tokenFile }: Session, address: string): boolean {
  const isScreen = process.platform === "darwin" || Boolean(environment["DISPLAY"] ?? environment["WAYLAND_DISPLAY"]);
  if (!terminal.interactive || json || !isScreen || tokenFile !== undefined) return false;
  const file = join(homeLayout(home).run, "open.html");
  writeDurably(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${address}">\n`);
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(program, [pathToFileURL(file).href], { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
  return true;
}

const listVerb: Verb = {
  summary: "List the browsers that are signed in.",
  examples: ["aedev browser list", "aedev browser list --json"],
  async run(session) {
    const answer = await call(session, "listBrowsers", {});
    if (answer.kind === "refused") return answer;
    return done(answer.document, browserTable(answer.document.browsers));
  },
};

function browserTable(browsers: readonly BrowserSessionDocument[]): string {
  const rows = browsers.map(({ session_id, by, role, reach, started_at, expires_at }) => [
    ...[session_id, by, role, reach, localTime(started_at), localTime(expires_at)],
  ]);
  return columns(["BROWSER", "WHO", "ROLE", "REACH", "SINCE", "UNTIL"], rows, "no browser is signed in: aedev open");
}

const signOutVerb = changeVerb("signOut", {
  summary: "Sign a browser out. Its next request is refused.",
  arguments: [{ name: "<browser>", summary: "its id" }],
  options: [],
  examples: ["aedev browser sign-out b-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ browsers }) =>
    ["the browser is signed out; its next request is refused", browserTable(browsers)].join("\n\n"),
});

export const verb = openVerb;
export const verbs = { list: listVerb, "sign-out": signOutVerb };
