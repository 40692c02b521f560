/** `aedev status-board`: whether the night is all right, with the daemon up or down, as text, Markdown, JSON or a page that it serves itself. It only reads the home. */
import { resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import type { DaemonFact } from "@aedev/daemon";
import { renewFile } from "@aedev/host/new-file";
import { type Answer, done, refusalOf, usageFault } from "../command-line/answer.ts";
import { pastInstant } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { endedDaemon } from "../daemon-client/ended-daemon.ts";
import { requireHome } from "../daemon-client/home.ts";
import { boardMarkdown, boardPlain, boardText } from "../render/board-text.ts";
import { jsonLine } from "../render/json-text.ts";
import type { Session } from "../terminal/session.ts";

/** The first line of a file that this verb wrote, and may replace. */
const ownLine = "<!-- written by aedev status-board, which replaces this file -->";

export const verb: Verb = {
  summary: "Show whether the night is all right, with the daemon up or down: what needs attention, health, soak, cost.",
  options: [
    { flags: "--plain", summary: "at most 320 characters, short enough for a text message" },
    { flags: "--write-md <file>", summary: "write it to a file as Markdown; a file that this verb wrote is replaced" },
    { flags: "--serve", summary: "serve it as a page on 127.0.0.1 until Ctrl-C, also without the daemon" },
    { flags: "--t0 <time>", summary: "since when the soak counts, such as 2026-01-31T22:00Z" },
  ],
  examples: [
    "aedev status-board",
    "aedev status-board --plain",
    "aedev status-board --json",
    "aedev status-board --write-md board.md",
    "aedev status-board --serve --t0 2026-01-31T22:00Z",
  ],
  async run(session, input) {
    const { home, environment, entries } = session;
    requireHome(home);
    const file = input.text("writeMd");
    const forms = [input.flag("plain"), input.flag("serve"), file !== undefined].filter(Boolean);
    if (forms.length > 1)
      throw usageFault("--plain, --write-md and --serve exclude each other", "aedev status-board --help");
    const t0Text = input.text("t0");
    const t0 = t0Text === undefined ? undefined : pastInstant(t0Text, "--t0");
    using board = await (await entries.daemon()).openStatusBoard({ home, environment, t0 });
    if (input.flag("serve")) return await serve(session, board);
    const document = await board.read(await daemonFact(session));
    if (file !== undefined) {
      const path = resolve(file);
      const hint = "name another file with --write-md";
      renewFile(path, { content: boardMarkdown(document), firstLine: ownLine, hint });
      return done({ file: path }, path);
    }
    if (!input.flag("plain")) return done(document, boardText(document));
    const plain = boardPlain(document);
    return done({ ...document, plain }, plain);
  },
};

type Board = Awaited<ReturnType<Awaited<ReturnType<Session["entries"]["daemon"]>>["openStatusBoard"]>>;

/** Ends when the person ends it. */
async function serve(session: Session, board: Board): Promise<Answer> {
  const { terminal, json } = session;
  const server = await board.serve({
    daemon: () => daemonFact(session),
    onError: (error) => terminal.complain(`aedev: ${refusalOf(error).reason}\n`),
  });
  terminal.write(json ? jsonLine({ url: server.url }) : `status board: ${server.url}\nCtrl-C ends it\n`);
  await new Promise<void>((ended) => {
    const end = () => {
      process.off("SIGINT", end).off("SIGTERM", end);
      ended();
    };
    process.on("SIGINT", end).on("SIGTERM", end);
  });
  await server.close();
  return { kind: "streamed" };
}

/** What this process can find out about the daemon. Something else on its socket must not hide the rest. */
async function daemonFact(session: Session): Promise<DaemonFact> {
  try {
    const found = await findDaemon(session);
    if (found === undefined) return { status: endedDaemon(session.home) === null ? "stopped" : "died" };
    const { passAgeMs } = found;
    return passAgeMs === undefined ? { status: "stuck" } : { status: "running", passAgeMs };
  } catch (error) {
    if (error instanceof Fault) return { status: "stuck" };
    throw error;
  }
}
