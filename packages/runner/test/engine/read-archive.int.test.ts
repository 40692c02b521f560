/** Unpacking an archive that hostile code filled: only files, folders and links inside the folder; each refusal next to the same archive without the fault. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Header, pack } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { unpackPrepared } from "../../src/prepare/archive.ts";

const scratch = mkdtempSync(join(tmpdir(), "aedev-archive-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, chown: false };

type Member = Partial<Header> & { name: string; text?: string };
async function archiveOf(members: readonly Member[]): Promise<string> {
  const tar = pack();
  for (const { text, ...header } of members) tar.entry(header, text ?? "");
  tar.finalize();
  const path = join(mkdtempSync(join(scratch, "a-")), "outputs.tar");
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** Unpacks the archive into a new folder and returns it. */
async function unpacked(archivePath: string): Promise<string> {
  const folder = join(mkdtempSync(join(scratch, "u-")), "repo");
  mkdirSync(folder);
  await unpackPrepared(archivePath, folder, owner);
  return folder;
}

const outside = join(scratch, "outside");
writeFileSync(outside, "the host's");

/** Each fault, with the same members without it. */
const faults: readonly { name: string; hostile: Member[]; honest: Member[] }[] = [
  {
    name: "a block device",
    hostile: [{ name: "m/x", type: "block-device", devmajor: 8, devminor: 0 }],
    honest: [{ name: "m/x", text: "x" }],
  },
  {
    name: "a character device",
    hostile: [{ name: "m/x", type: "character-device", devmajor: 1, devminor: 5 }],
    honest: [{ name: "m/x", text: "x" }],
  },
  { name: "a pipe", hostile: [{ name: "m/x", type: "fifo" }], honest: [{ name: "m/x", text: "x" }] },
  {
    name: "an absolute name",
    hostile: [{ name: `${scratch}/made`, text: "x" }],
    honest: [{ name: "made", text: "x" }],
  },
  { name: "a name upwards", hostile: [{ name: "m/../../made", text: "x" }], honest: [{ name: "m/made", text: "x" }] },
  {
    name: "a path through a link",
    hostile: [
      { name: "m/out", type: "symlink", linkname: scratch },
      { name: "m/out/made", text: "x" },
    ],
    honest: [
      { name: "m/out", type: "directory" },
      { name: "m/out/made", text: "x" },
    ],
  },
  {
    name: "a folder in a link's place",
    hostile: [
      { name: "m/out", type: "symlink", linkname: scratch },
      { name: "m/out", type: "directory" },
    ],
    honest: [
      { name: "m/out", type: "directory" },
      { name: "m/out", type: "directory" },
    ],
  },
  {
    name: "a hard link out",
    hostile: [{ name: "m/x", type: "link", linkname: outside }],
    honest: [
      { name: "m/y", text: "y" },
      { name: "m/x", type: "link", linkname: "m/y" },
    ],
  },
  {
    name: "a hard link upwards",
    hostile: [{ name: "m/x", type: "link", linkname: "../../outside" }],
    honest: [
      { name: "m/y", text: "y" },
      { name: "m/x", type: "link", linkname: "m/y" },
    ],
  },
  {
    name: "a hard link through a link",
    hostile: [
      { name: "m/out", type: "symlink", linkname: scratch },
      { name: "m/x", type: "link", linkname: "m/out/outside" },
    ],
    honest: [
      { name: "m/out", type: "symlink", linkname: scratch },
      { name: "m/x", text: "x" },
    ],
  },
];

describe("an archive of prepared outputs", () => {
  for (const { name, hostile, honest } of faults)
    it(`an archive with ${name} is refused, and nothing of it stays`, async () => {
      const archive = await archiveOf(hostile);
      const folder = join(mkdtempSync(join(scratch, "u-")), "repo");
      mkdirSync(folder);
      await expect(unpackPrepared(archive, folder, owner)).rejects.toMatchObject({
        code: "HOLD-PREPARE-FAILED",
        detail: "archive",
      });
      expect(readdirSync(folder)).toEqual([]);
      expect(readdirSync(join(folder, ".."))).toEqual(["repo"]);
      expect(existsSync(join(scratch, "made"))).toBe(false);
      const into = await unpacked(await archiveOf(honest));
      expect(readdirSync(into)).toHaveLength(1);
    });

  it("loses set-user-id bits and others' right to write, but keeps the modes that programs need", async () => {
    const mtime = new Date(1_600_000_000_000);
    const folder = await unpacked(
      await archiveOf([
        { name: "m", type: "directory", mode: 0o7777, mtime },
        { name: "m/run", mode: 0o6777, mtime, text: "#!/bin/sh\n" },
        { name: "m/closed", mode: 0o044, text: "c" },
        { name: "m/link", type: "symlink", linkname: "../../elsewhere" },
        { name: "m/run", mode: 0o4755, mtime, text: "again\n" },
        { name: "m/twin", type: "link", linkname: "m/run" },
      ]),
    );
    const mode = (name: string) => lstatSync(join(folder, name)).mode & 0o7777;
    expect([mode("m"), mode("m/run"), mode("m/twin"), mode("m/closed")]).toEqual([0o755, 0o755, 0o755, 0o444]);
    expect(readFileSync(join(folder, "m/twin"), "utf8")).toBe("again\n");
    expect(lstatSync(join(folder, "m/run")).mtime).toEqual(mtime);
    expect(lstatSync(join(folder, "m")).mtime).toEqual(mtime);
    expect(lstatSync(join(folder, "m/link")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(folder, "m/twin")).ino).toBe(lstatSync(join(folder, "m/run")).ino);
  });

  it("an archive made by GNU tar gives the same folder: long names, other bytes, hard links, empty and large files", async () => {
    const source = mkdtempSync(join(scratch, "s-"));
    const odd = Buffer.from([0xff, 0xc3, 0xa9]);
    const deep = join(
      source,
      "node_modules",
      ..."a"
        .repeat(60)
        .split("")
        .map((letter) => letter.repeat(4)),
    );
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, `${"n".repeat(200)}.js`), "deep\n");
    writeFileSync(Buffer.concat([Buffer.from(`${source}/node_modules/`), odd]), "bytes");
    writeFileSync(join(source, "node_modules", "über.js"), "ü\n");
    writeFileSync(join(source, "node_modules", "empty"), "");
    writeFileSync(join(source, "node_modules", "large"), Buffer.alloc(3 * 1024 * 1024 + 7, 65));
    execFileSync("ln", [join(source, "node_modules", "large"), join(source, "node_modules", "twin")]);
    execFileSync("ln", ["-s", "large", join(source, "node_modules", "link")]);
    chmodSync(join(source, "node_modules", "large"), 0o755);
    for (const format of ["gnu", "pax"]) {
      const archive = join(source, `${format}.tar`);
      execFileSync("/bin/tar", ["-C", source, `--format=${format}`, "-cf", archive, "node_modules"]);
      const folder = await unpacked(archive);
      const listing = (where: string) =>
        execFileSync(
          "sh",
          [
            "-c",
            `cd ${where} && find node_modules -printf '%p %y %m %l %s\\n' | grep -av ' d ' | sort && find node_modules -type f -print0 | xargs -0 sha1sum | sort`,
          ],
          { encoding: "latin1" },
        );
      expect(listing(folder)).toBe(listing(source));
      rmSync(Buffer.concat([Buffer.from(`${source}/node_modules/`), odd]), { force: true });
    }
    writeFileSync(Buffer.concat([Buffer.from(`${source}/node_modules/`), odd]), "bytes");
    const lossy = join(source, "lossy.tar");
    execFileSync("/bin/tar", ["-C", source, "--format=pax", "-cf", lossy, "node_modules"]);
    await expect(unpacked(lossy)).rejects.toMatchObject({ code: "HOLD-PREPARE-FAILED", detail: "archive" });
  });

  it("is refused if it is cut off or is no archive", async () => {
    const archive = await archiveOf([{ name: "m/x", text: "x".repeat(5000) }]);
    const bytes = readFileSync(archive);
    const cut = join(scratch, "cut.tar");
    for (const hostile of [bytes.subarray(0, 3000), Buffer.from("no archive at all".repeat(100))]) {
      writeFileSync(cut, hostile);
      await expect(unpacked(cut)).rejects.toMatchObject({ code: "HOLD-PREPARE-FAILED", detail: "archive" });
    }
    writeFileSync(cut, bytes);
    await expect(unpacked(cut)).resolves.toBeDefined();
  });
});
