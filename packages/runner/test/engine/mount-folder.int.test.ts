/** The folder for mounts of checks: private and beside the home, or in the home if that is impossible. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { mountFolder } from "../../src/engine/mount-folder.ts";

const place = mkdtempSync(join(tmpdir(), "mount-folder-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

function newHome(name: string): string {
  const home = join(place, name, ".aedev");
  mkdirSync(home, { recursive: true });
  return home;
}

it("the mount folder is private, beside the home, has a neutral name, and stays the same after a restart", () => {
  const home = newHome("usual");
  const folder = mountFolder(home);
  expect(dirname(folder)).toBe(dirname(home));
  expect(basename(folder)).toMatch(/^\.[0-9a-f]{16}$/);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(mountFolder(home)).toBe(folder);
});

it.each<[string, (folder: string) => void]>([
  ["others can enter it", (folder) => chmodSync(folder, 0o755)],
  [
    "a link took its name",
    (folder) => {
      rmSync(folder, { recursive: true });
      symlinkSync(place, folder);
    },
  ],
])("the mount folder is in the home if %s", (title, spoil) => {
  const home = newHome(title);
  spoil(mountFolder(home));
  expect(mountFolder(home)).toBe(join(home, "checks"));
});
