/** `repo add` is never silent: it prints a line at once, then one every few seconds, even without a terminal. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withSteadyProgress } from "../../src/repo/steady-progress.ts";
import type { Terminal } from "../../src/terminal/session.ts";

const silentMsMax = 5_000;

/** A terminal that records each text with the time at which it was printed. */
function listening(columns?: number) {
  const printed: { text: string; atMs: number }[] = [];
  const started = Date.now();
  const terminal: Terminal = {
    interactive: false,
    write: () => undefined,
    readAll: () => Promise.resolve(""),
    complain: (text) => {
      printed.push({ text, atMs: Date.now() - started });
    },
    ask: () => Promise.reject(new Error("nothing is asked")),
    ...(columns === undefined ? {} : { sizeOf: () => ({ columns, rows: 24 }) }),
  };
  return { terminal, said: printed };
}

const lasting = (ms: number) => () => new Promise<string>((resolve) => setTimeout(() => resolve("done"), ms));

describe("a long step of repo add", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each([
    ["without a terminal", undefined],
    ["on a terminal", 80],
  ])("prints a line at once and is never silent for five seconds %s", async (_where, columns) => {
    const { terminal, said } = listening(columns);
    const work = withSteadyProgress({ terminal, json: false }, "trying", lasting(23_000));
    expect(said).toEqual([{ text: "trying …\n", atMs: 0 }]);
    await vi.advanceTimersByTimeAsync(23_000);
    expect(await work).toBe("done");
    const times = [...said.map(({ atMs }) => atMs), 23_000];
    for (const [index, atMs] of times.slice(1).entries()) expect(atMs - (times[index] ?? 0)).toBeLessThan(silentMsMax);
    const lines = said.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(said).toHaveLength(lines);
  });

  it("prints no steady progress with --json, and passes a failure on", async () => {
    const { terminal, said } = listening();
    const failing = withSteadyProgress({ terminal, json: true }, "trying", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(said).toEqual([]);
  });
});
