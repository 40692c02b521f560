/** Which id a home's sandboxes get, and when somebody else counts as having it. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sandboxUser, subordinateOwner } from "../../src/engine/sandbox-user.ts";

const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

describe("the sandbox's user", () => {
  it.runIf(process.getuid?.() === 0)(
    "of a daemon that runs as root is the home's own id, outside every range for accounts",
    () => {
      const users = ["one", "other", "one"].map((homeId) => sandboxUser({ homeId, sha256 }));
      expect(users[0]).toEqual(users[2]);
      expect(users[0]?.uid).not.toBe(users[1]?.uid);
      for (const { uid, gid, chown } of users) {
        expect([gid, chown]).toEqual([uid, true]);
        expect(uid).toBeGreaterThan(2_000_200_000);
        expect(uid).toBeLessThan(2_147_352_576);
      }
    },
  );

  it.runIf(process.getuid?.() !== 0)("a daemon that does not run as root uses its own user", () => {
    expect(sandboxUser({ homeId: "one", sha256 })).toMatchObject({ uid: process.getuid?.(), chown: false });
  });

  it("is taken if a subordinate range contains it, and free next to the range", () => {
    const lines = ["# a comment", "ada:100000:65536", "eve:2100000000:10", "broken", ""];
    expect(subordinateOwner(lines, 2_100_000_000)).toBe("eve");
    expect(subordinateOwner(lines, 2_100_000_009)).toBe("eve");
    expect(subordinateOwner(lines, 2_100_000_010)).toBeNull();
    expect(subordinateOwner(lines, 2_099_999_999)).toBeNull();
    expect(subordinateOwner(lines, 165_535)).toBe("ada");
  });
});
