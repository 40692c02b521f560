import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeHome, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

describe("aedev demo", () => {
  it.each([["--live"], ["--repo", "x"], ["--scripts", "x"]])(
    "refuses %s with an attack, which has its own scripts",
    async (...flags) => {
      for (const attack of [["--attack"], ["--try", "id"]]) {
        const { exit, err } = await run(["demo", ...attack, ...flags], { home: home.home });
        expect(exit).toBe(2);
        expect(err).toContain("no --live, --scripts or --repo");
      }
    },
  );

  it("refuses --home for the demo, which has its own home", async () => {
    const { exit, err } = await run(["demo", "--home", "/nowhere", "--attack"], { home: home.home });
    expect({ exit, err }).toMatchObject({ exit: 2, err: expect.stringContaining("no --home") });
  });

  it("reports a missing folder of scripts", async () => {
    const { exit, err } = await run(["demo", "--scripts", "/nonexistent"], { home: home.home });
    expect(exit).toBe(1);
    expect(err).toContain("/nonexistent/missions.yaml can't be read");
  });
});
