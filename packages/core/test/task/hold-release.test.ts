/** The command that helps with each hold: it exists, can be copied, and does what releasing the hold means. */

import { type HoldCode, holdCodes } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { helpFor, releaseRule } from "../../src/task/hold-release.ts";
import { ids } from "../../src/testing/index.ts";

const help = (code: HoldCode, source = "/srv/shop.git", judge_is_silent = true) =>
  helpFor({
    code,
    hold_id: ids.hold,
    task_id: ids.task,
    repository: "shop",
    mission_id: ids.mission,
    question: null,
    judge_is_silent,
    source,
  });

describe("help for a hold", () => {
  it("names a release exactly if it is not refused and no new run is needed", () => {
    for (const code of holdCodes) {
      const expected = ["back", "gate"].includes(releaseRule(code));
      expect({ code, release: help(code).includes(`aedev hold release ${ids.hold}`) }).toEqual({
        code,
        release: expected,
      });
      if (code === "HOLD-STOPPED") {
        expect(help(code)).toBe("aedev resume");
        continue;
      }
      if (code === "HOLD-QUESTION") {
        expect(help(code)).toContain(`aedev mission answer ${ids.mission}`);
        continue;
      }
      if (releaseRule(code) === "retry-only" || releaseRule(code) === "new-run")
        expect(help(code)).toContain(`aedev task retry ${ids.task}`);
    }
  });

  it("names the command that changes commit texts if the remote refused a push", () => {
    expect(help("HOLD-REMOTE-REFUSED")).toContain("aedev repo add /srv/shop.git --name shop --commit-template ");
    expect(help("HOLD-SIGNING-FAILED")).not.toContain("--commit-template");
  });

  it("suggests a release if a judge gave no answer, and another change if all judges have answered", () => {
    expect(help("HOLD-VALIDATOR-INCONCLUSIVE")).toContain("aedev hold release");
    const answered = help("HOLD-VALIDATOR-INCONCLUSIVE", "/srv/shop.git", false);
    expect(answered).toContain(`aedev task send-back ${ids.task} --reason`);
    expect(answered).not.toContain("hold release");
  });

  it("says that a secret in the base's instruction files must go before a retry helps", () => {
    expect(help("HOLD-SECRET")).toContain("if the branch has the secret, first remove it there");
    expect(help("HOLD-FORBIDDEN-PATH")).not.toContain("first remove");
  });

  it("prints a command that can be pasted into a shell unchanged, for any path", () => {
    expect(help("HOLD-REMOTE-WRITES-OFF")).toContain("aedev repo add /srv/shop.git --name shop --allow-writes");
    expect(help("HOLD-REMOTE-WRITES-OFF", "/my code/it's; rm")).toContain(`add '/my code/it'\\''s; rm' --name`);
  });
});
