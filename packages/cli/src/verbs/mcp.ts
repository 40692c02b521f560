/** `aedev mcp`: lets another agent submit missions, follow them and answer questions, by the Model Context Protocol. It needs an agent's token. */
import { once } from "node:events";
import { done, usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";

const help = "aedev mcp --help";
const portMax = 65_535;

export const verb: Verb = {
  summary: "Serve aedev to another agent by MCP: it can submit, follow and answer, and never approves or lands.",
  options: [
    { flags: "--http", summary: "serve on 127.0.0.1 until Ctrl-C; each request brings an agent's token" },
    { flags: "--port <port>", summary: "with --http: this port (default: one that is free)" },
    { flags: "--skill", summary: "print a skill for Claude Code that teaches it, with the set-up" },
  ],
  examples: ["aedev mcp --token-file claude.token", "aedev mcp --http --port 7250", "aedev mcp --skill > SKILL.md"],
  async run(session, input) {
    if (input.flag("skill")) {
      const { skillText } = await import("../mcp/skill-text.ts");
      return { ...done({ skill: skillText }, skillText.trimEnd()), isData: true };
    }
    const port = portOf(input.text("port"));
    if (port !== null && !input.flag("http")) throw usageFault("--port is for --http", help);
    const { requireAgent, serveHttp, serveStdio } = await import("../mcp/serve-mcp.ts");
    if (!input.flag("http")) {
      if (session.tokenFile === undefined)
        throw usageFault("an agent's token is needed: --token-file or AEDEV_TOKEN_FILE", help);
      await requireAgent(session);
      await serveStdio(session);
      return { kind: "streamed", exit: 0 };
    }
    const server = await serveHttp(session, port ?? 0);
    session.terminal.complain(`serving ${server.address}\n`);
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await server.close();
    return { kind: "streamed", exit: 0 };
  },
};

function portOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= portMax) return port;
  throw usageFault(`--port takes a number up to ${portMax}, not ${given}`, help);
}
