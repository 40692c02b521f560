/** What is restored in a file's bytes; git itself tells what it would store of a new file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putBack } from "../../src/text-form/put-back.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "put-back-"));
  execFileSync("git", ["init", "--quiet", folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What git stores of these new files under the attributes. */
function storedByGit(attributes: string, files: readonly Uint8Array[]): Buffer[] {
  writeFileSync(join(folder, ".gitattributes"), `*.bin ${attributes}\n`);
  for (const [at, bytes] of files.entries()) writeFileSync(join(folder, `${at}.bin`), bytes);
  const names = files.map((_, at) => `${at}.bin\n`).join("");
  const git = (args: string[], input: string) =>
    execFileSync("git", ["-C", folder, "-c", "core.autocrlf=false", "-c", "core.safecrlf=false", ...args], { input });
  const ids = git(["hash-object", "-w", "--stdin-paths"], names).toString("utf8").trim().split("\n");
  return ids.map((id) => git(["cat-file", "blob", id], ""));
}
const stored = (now: Uint8Array, more: Partial<Parameters<typeof putBack>[0]> = {}) =>
  putBack({ base: null, now, isStoredWithLf: true, ...more })?.bytes ?? Buffer.from(now);

const text = "one line of a text, and then some more of it\r\n";
const binary = Buffer.from([0x89, 0x50, 0xff, 0xfe, 0x01, 0x02, 0x0d, 0x0a, 0x80, 0x81, 0x0d, 0x90, 0x0a, 0x03]);

describe("a new file that the attributes want with LF", () => {
  it.each<[string, Buffer]>([
    ["is text", Buffer.from(text)],
    ["is text in Latin-1", Buffer.from(`${text}caf\xe9\r\n`, "latin1")],
    ["has a carriage return alone", Buffer.from(`${text}\r${text}`)],
    ["has no line feed", Buffer.from("a\rb\r")],
    ["is binary without a NUL byte", binary],
    ["has a NUL byte", Buffer.from(`${text}\0${text}`)],
    ["has one control character in a long text", Buffer.from(`${text.repeat(4)}\x01`)],
    ["has one control character in a short text", Buffer.from(`${text}\x01`)],
    ["ends as texts of old systems do", Buffer.from(`${text}\x1a`)],
    ["has escapes and tabs", Buffer.from(`\x1b[1m\t\f\b${text}`)],
    ["has a deleted character", Buffer.from(`${text}\x7f`)],
    ["is UTF-16", Buffer.from(text, "utf16le")],
    ["begins with a byte order mark", Buffer.from(`\ufeff${text}`)],
  ])("stores a new file that the attributes want with LF as git does if it %s", (_title, bytes) => {
    expect(stored(bytes)).toEqual(storedByGit("text=auto", [bytes])[0]);
    expect(stored(bytes, { isText: true })).toEqual(storedByGit("text", [bytes])[0]);
  });

  it("converts a new file with LF attributes if it is text, and keeps it if it is binary", () => {
    expect(stored(Buffer.from("a\r\nb\r\n"))).toEqual(Buffer.from("a\nb\n"));
    expect(putBack({ base: null, now: binary, isStoredWithLf: true })).toBeNull();
  });

  it("stores a new file with LF attributes as git does, whatever its bytes", () => {
    const byte = fc.oneof(
      fc.constantFrom(0x0d, 0x0a, 0x20, 0x61, 0x80, 0x01, 0x7f, 0x1a, 0x00),
      fc.integer({ min: 0, max: 255 }),
    );
    const plain = fc.constantFrom(...[..."abc \t\r\n"].map((one) => one.charCodeAt(0)));
    const bytes = fc.oneof(
      fc.array(byte, { minLength: 1, maxLength: 40 }),
      fc.array(plain, { minLength: 1, maxLength: 400 }),
    );
    const files = fc.array(
      bytes.map((list) => Uint8Array.from(list)),
      { minLength: 60, maxLength: 60 },
    );
    fc.assert(
      fc.property(files, (all) => {
        expect(all.map((one) => stored(one))).toEqual(storedByGit("text=auto", all));
        expect(all.map((one) => stored(one, { isText: true }))).toEqual(storedByGit("text", all));
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});

describe("an edited file", () => {
  const put = (base: Buffer, now: Buffer, more: Partial<Parameters<typeof putBack>[0]> = {}) =>
    putBack({ base, now, isStoredWithLf: false, ...more });

  it("restores an edited file's line endings if it is text, and keeps its bytes if either version looks binary", () => {
    expect(put(Buffer.from("a\nb\n"), Buffer.from("a\r\nc\r\n"))?.bytes).toEqual(Buffer.from("a\nc\n"));
    expect(put(Buffer.from("a\rb\r"), Buffer.from("a\nc\n"))?.bytes).toEqual(Buffer.from("a\rc\r"));
    const [was, is] = [Buffer.from([1, 2, 0x0a, 3, 4]), Buffer.from([1, 2, 0x0d, 0x0a, 5, 6])];
    expect(put(was, is)).toBeNull();
    expect(put(was, Buffer.from("a\r\nc\r\n"))).toBeNull();
    expect(put(Buffer.from("a\nb\n"), is)).toBeNull();
  });

  it("stores an edited file with LF only if the base does", () => {
    const mixed = Buffer.from("a\r\nb\n");
    expect(put(mixed, Buffer.from("a\r\nb\nc\r\n"), { isStoredWithLf: true, isText: true })).toBeNull();
    const normal = put(Buffer.from("a\nb\n"), Buffer.from("a\r\nb\r\n"), { isStoredWithLf: true, isText: true });
    expect(normal).toEqual({ bytes: Buffer.from("a\nb\n"), kinds: ["normalized"] });
  });
});
