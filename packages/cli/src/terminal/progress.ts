/** Shows that work is in progress: one line on stderr, removed when the work ends. Without a terminal, and with `--json`, it prints nothing. */
import { escapeLine } from "@aedev/contracts";
import { fitWidth } from "../render/display-width.ts";
import { drawOn, type Session } from "./session.ts";

/** Work that ends sooner shows no progress. */
const quietMs = 1_000;
const redrawMs = 125;
const clearLine = "\r\x1b[2K";
const wheel = ["-", "\\", "|", "/"] as const;

/** Width of the terminal that progress is shown on; undefined if none is shown. */
export function progressColumns({ terminal, json }: Pick<Session, "terminal" | "json">): number | undefined {
  return json ? undefined : terminal.sizeOf?.("error")?.columns;
}

/**
 * Runs `work` and meanwhile shows `label` with the elapsed seconds; `say` sets the current step. Returns and throws as `work` does. Contract: `work`
 * writes nothing to the terminal and asks nothing while it runs.
 */
export async function withProgress<T>(
  session: Pick<Session, "terminal" | "json">,
  label: string,
  work: (say: (text: string) => void) => Promise<T>,
): Promise<T> {
  const columns = progressColumns(session);
  if (columns === undefined) return work(() => undefined);
  const startedAt = performance.now();
  let step = "";
  let frames = 0;
  let drawn = false;
  const draw = () => {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs < quietMs) return;
    const tail = `  ${Math.floor(elapsedMs / 1000)} s`;
    const head = `${wheel[frames % wheel.length]} ${label}${step === "" ? "" : `: ${step}`}`;
    frames += 1;
    drawOn(session.terminal, `${clearLine}${fitWidth(head, Math.max(1, columns - tail.length - 1))}${tail}`, "error");
    drawn = true;
  };
  const timer = setInterval(draw, redrawMs);
  try {
    return await work((text) => {
      step = escapeLine(text, 300);
      draw();
    });
  } finally {
    clearInterval(timer);
    if (drawn) drawOn(session.terminal, clearLine, "error");
  }
}
