/** `aedev demo`: hands over to the demo, which drives this program as a person does. */
import type { Verb } from "../verb.ts";

export const verb: Verb = {
  summary: "Watch aedev work on real parts in a throw-away home: one change lands, a cheating one is held.",
  options: [
    { flags: "--live", summary: "use the real models with your credentials instead of scripted answers" },
    { flags: "--scripts <dir>", summary: "missions and answers of your own (config/demo shows the form)" },
    { flags: "--repo <path-or-url>", summary: "repository to work on instead of the demo's" },
  ],
  examples: ["aedev demo", "aedev demo --json", "aedev demo --scripts ./my-demo --repo ../tool"],
  async run(session, input) {
    const { runDemo } = await import("../demo/run-demo.ts");
    const [scripts, repo] = [input.text("scripts"), input.text("repo")];
    const exit = await runDemo({
      json: session.json,
      live: input.flag("live"),
      environment: session.environment,
      write: session.terminal.write,
      complain: session.terminal.complain,
      ...(scripts === undefined ? {} : { scripts }),
      ...(repo === undefined ? {} : { repo }),
    });
    return { kind: "streamed", exit: exit === 0 ? 0 : 1 };
  },
};
