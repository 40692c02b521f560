/**
 * The entry of `aedev demo`: runs the demo, the attack, the day at GitHub or the board, depending on the verb's options. Each is loaded on demand.
 *
 * Folder: the demo's entry.
 */
import type { DemoEntry } from "@aedev/cli/terminal/entries";
import { noPaint, terminalPaint } from "./telling/paint.ts";

export const playDemo: DemoEntry["playDemo"] = async ({
  colored,
  attack,
  github,
  board,
  live,
  scripts,
  repo,
  ...outside
}) => {
  const terminal = { ...outside, paint: colored ? terminalPaint : noPaint };
  if (attack !== null) {
    const { runAttack } = await import("./attack/run-attack.ts");
    return runAttack({ ...terminal, command: attack.command });
  }
  if (board !== null) {
    const { runBoard } = await import("./board/run-board.ts");
    return runBoard({ ...terminal, ...board });
  }
  if (github) {
    const { runGitHubDay } = await import("./day/run-github-day.ts");
    return runGitHubDay(terminal);
  }
  const { runDemo } = await import("./missions/run-demo.ts");
  return runDemo({ ...terminal, live, scripts, repo });
};
