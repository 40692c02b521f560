/** The exposure of a home's file that others may read or change. A configuration may be read, so only the right to change it is reported. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exposureText, homeExposures } from "../src/private-home.ts";

it.each([
  ["policies.yaml", 0o664, "can be changed by other users"],
  ["policies.yaml", 0o644, null],
  ["config.yaml", 0o602, "can be changed by other users"],
  ["token", 0o644, "can be read by other users"],
  ["token", 0o620, "can be changed by other users"],
])("reports the exposure of %s with mode %o: %s", (name, mode, text) => {
  const home = mkdtempSync(join(tmpdir(), "aedev-home-"));
  try {
    writeFileSync(join(home, name), "");
    chmodSync(join(home, name), mode);
    const found = homeExposures(home);
    expect(found.length === 0 ? null : exposureText(found)).toBe(text === null ? null : `${join(home, name)} ${text}`);
  } finally {
    rmSync(home, { recursive: true });
  }
});
