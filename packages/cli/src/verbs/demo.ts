/** `aedev demo`: hands over to the demo or the attack, which drive this program as a person does. */
import { usageFault } from "../answer.ts";
import { noPaint, terminalPaint } from "../demo/telling/paint.ts";
import type { Verb } from "../verb.ts";

const help = "aedev demo --help";

export const verb: Verb = {
  summary:
    "Watch aedev work on real parts in a throw-away home: a change lands, a cheat is held, one is approved by phone.",
  options: [
    { flags: "--live", summary: "use the real models with your credentials instead of scripted answers" },
    { flags: "--scripts <dir>", summary: "missions and answers of your own (config/demo shows the form)" },
    { flags: "--attack", summary: "attack the sandbox, the gateway and the log instead, and show each refusal" },
    { flags: "--try <command>", summary: "run one command of your own in such a sandbox and print what it answers" },
    { flags: "--repo <path-or-url>", summary: "repository to work on instead of the demo's" },
  ],
  examples: [
    "aedev demo",
    "aedev demo --json",
    "aedev demo --attack",
    "aedev demo --try 'cat /proc/net/route'",
    "aedev demo --scripts ./my-demo --repo ../tool",
  ],
  async run(session, input) {
    const { write, complain } = session.terminal;
    const { json, environment } = session;
    const isColored = session.terminal.sizeOf?.("output") !== undefined && !environment["NO_COLOR"];
    const paint = isColored ? terminalPaint : noPaint;
    const command = input.text("try");
    const [scripts, repo] = [input.text("scripts"), input.text("repo")];
    if (input.flag("attack") || command !== undefined) {
      if (input.flag("live") || scripts !== undefined || repo !== undefined)
        throw usageFault("--attack and --try have scripts of their own: no --live, --scripts or --repo", help);
      const { runAttack } = await import("../demo/attack/run-attack.ts");
      const own = command === undefined ? {} : { command };
      return { kind: "streamed", exit: await runAttack({ json, environment, write, complain, paint, ...own }) };
    }
    const { runDemo } = await import("../demo/run-demo.ts");
    const exit = await runDemo({
      json,
      live: input.flag("live"),
      environment,
      write,
      complain,
      paint,
      ...(scripts === undefined ? {} : { scripts }),
      ...(repo === undefined ? {} : { repo }),
    });
    return { kind: "streamed", exit };
  },
};
