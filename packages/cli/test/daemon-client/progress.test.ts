/** Progress on stderr: only on a terminal, only for slow work, in one line, and removed when the work ends. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withProgress } from "../../src/terminal/progress.ts";
import type { Session } from "../../src/terminal/session.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

function open(columns: number | undefined, json = false) {
  const written: string[] = [];
  const terminal: Session["terminal"] = {
    write: () => {
      throw new Error("standard output is the answer's");
    },
    complain: (text) => written.push(text),
    interactive: false,
    sizeOf: () => (columns === undefined ? undefined : { columns, rows: 24 }),
    readAll: async () => "",
    ask: async () => "",
  };
  return { session: { terminal, json }, written };
}

describe("progress", () => {
  it("shows the work in progress with its seconds, in place, and leaves nothing behind", async () => {
    const { session, written } = open(60);
    let say: (text: string) => void = () => undefined;
    let finish: (value: string) => void = () => undefined;
    const answer = withProgress(session, "trying", (tell) => {
      say = tell;
      return new Promise<string>((resolve) => {
        finish = resolve;
      });
    });
    vi.advanceTimersByTime(900);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(600);
    expect(written.at(-1)?.startsWith("\r\u001b[2K")).toBe(true);
    expect(written.at(-1)).toMatch(/[-\\|/] trying {2}1 s$/);
    say("npm ci \u001b[31m\n");
    expect(written.at(-1)).toMatch(/ trying: npm ci \\u\{1b\}\[31m {2}1 s$/);
    say("x".repeat(500));
    expect((written.at(-1) ?? "").length).toBeLessThanOrEqual(60 + 5);
    finish("done");
    expect(await answer).toBe("done");
    expect(written.at(-1)).toBe("\r\u001b[2K");
    const count = written.length;
    vi.advanceTimersByTime(5_000);
    expect(written).toHaveLength(count);
  });

  it("removes the progress line when the work fails, and never shows it for quick work", async () => {
    const slow = open(60);
    const failing = withProgress(slow.session, "trying", async () => {
      vi.advanceTimersByTime(900);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(slow.written).toEqual([]);
  });

  it.each([
    ["where no terminal is", undefined, false],
    ["with --json", 60, true],
  ])("prints no progress %s", async (_where, columns, json) => {
    const { session, written } = open(columns, json);
    const answer = withProgress(session, "trying", async (say) => {
      say("something");
      vi.advanceTimersByTime(5_000);
      return 7;
    });
    expect(await answer).toBe(7);
    expect(written).toEqual([]);
  });
});
