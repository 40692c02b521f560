/** `aedev demo`: runs the demo, the attack, the day at GitHub or the board. They use this program as a person does. */

import { usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { wantsColour } from "../terminal/colour.ts";
import { drawOn } from "../terminal/session.ts";

const help = "aedev demo --help";

export const verb: Verb = {
  summary:
    "Watch aedev work on real parts in a throw-away home: a change lands, a cheat is held, one is approved by phone.",
  options: [
    { flags: "--live", summary: "use the real models with your credentials instead of scripted answers" },
    { flags: "--scripts <dir>", summary: "missions and answers of your own (config/demo shows the form)" },
    { flags: "--attack", summary: "attack the sandbox, the gateway and the log instead, and show each refusal" },
    { flags: "--try <command>", summary: "run one command of your own in such a sandbox and print what it answers" },
    {
      flags: "--github",
      summary: "play a day at a fake of GitHub: an issue, its questions, a draft, a review, one merge",
    },
    { flags: "--board", summary: "open the web app on a throw-away home with two weeks of simulated missions" },
    { flags: "--keep", summary: "with --board: return at once, and leave it for you to remove" },
    { flags: "--repo <path-or-url>", summary: "repository to work on instead of the demo's" },
  ],
  examples: [
    "aedev demo",
    "aedev demo --json",
    "aedev demo --attack",
    "aedev demo --github",
    "aedev demo --board",
    "aedev demo --try 'cat /proc/net/route'",
    "aedev demo --scripts ./my-demo --repo ../tool",
  ],
  async run(session, input) {
    const { json, environment, terminal } = session;
    const write = json ? terminal.write : (text: string) => drawOn(terminal, text, "output", "folded");
    const complain = (text: string) => drawOn(terminal, text, "error", "folded");
    if (input.text("home") !== undefined)
      throw usageFault("the demo has a throw-away home of its own: no --home", help);
    const command = input.text("try");
    const options = { live: input.flag("live"), scripts: input.text("scripts"), repo: input.text("repo") };
    const github = input.flag("github");
    const attack = input.flag("attack") || command !== undefined ? { command } : null;
    const board = input.flag("board") ? { keep: input.flag("keep") } : null;
    if (input.flag("keep") && board === null) throw usageFault("--keep is for --board", help);
    if ([github, attack !== null, board !== null].filter(Boolean).length > 1)
      throw usageFault("choose one of --attack or --try, --github and --board", help);
    const own = github || attack !== null || board !== null;
    if (own && (options.live || options.scripts !== undefined || options.repo !== undefined))
      throw usageFault(
        "--attack, --try, --github and --board have scripts of their own: no --live, --scripts or --repo",
        help,
      );
    const colored = wantsColour(environment, session.terminal.sizeOf?.("output") !== undefined);
    const { playDemo } = await session.entries.demo();
    return {
      kind: "streamed",
      exit: await playDemo({ ...options, json, attack, github, board, colored, environment, write, complain }),
    };
  },
};
