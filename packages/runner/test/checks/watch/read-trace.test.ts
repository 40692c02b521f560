/** Lines of strace become paths of the checkout. The lines were recorded with strace 6.1 and 6.8. */
import { describe, expect, it } from "vitest";
import { traceReader } from "../../../src/checks/watch/read-trace.ts";
import { refusedAtTop, writableFolders } from "../../../src/checks/watch/writable-folders.ts";

function read(...lines: string[]) {
  const reader = traceReader("/workspace/repo");
  for (const line of lines) reader.take(line);
  return Object.fromEntries(
    Object.entries(reader.trace).flatMap(([kind, paths]) => (paths.size === 0 ? [] : [[kind, [...paths]]])),
  );
}

describe("a trace", () => {
  it("shows the files opened, looked for, listed, written, refused and executed", () => {
    expect(
      read(
        '7 openat(AT_FDCWD</workspace/repo>, "/workspace/repo/lib/add.js", O_RDONLY|O_CLOEXEC) = 17</workspace/repo/lib/add.js>',
        '7 statx(AT_FDCWD</workspace/repo>, "/workspace/repo/lib/add", AT_STATX_SYNC_AS_STAT, STATX_ALL, 0x7ff) = -1 ENOENT (No such file or directory)',
        '7 openat(AT_FDCWD</workspace/repo>, "lib", O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY) = 3</workspace/repo/lib>',
        '7 openat(AT_FDCWD</workspace/repo>, "out/a", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4</workspace/repo/out/a>',
        '7 openat(AT_FDCWD</workspace/repo>, "log/a", O_WRONLY|O_CREAT|O_TRUNC, 0666) = -1 EROFS (Read-only file system)',
        '7 mkdirat(AT_FDCWD</workspace/repo>, "dist", 0777) = -1 EROFS (Read-only file system)',
        '7 execve("/workspace/repo/bin/run", ["run", "/workspace/repo/lib/none"], 0x55 /* 9 vars */) = 0',
        '7 openat(AT_FDCWD</workspace/repo>, "/usr/lib/python3.11/json/__init__.py", O_RDONLY|O_CLOEXEC) = 3</usr/lib/python3.11/json/__init__.py>',
      ),
    ).toEqual({
      opened: ["lib/add.js"],
      probed: ["lib/add"],
      listed: ["lib"],
      written: ["out/a"],
      refused: ["log/a", "dist/"],
      executed: ["bin/run"],
      outside: ["/usr/lib/python3.11/json/__init__.py"],
    });
  });

  it("joins a call that another process interrupted, and follows each process's working folder", () => {
    expect(
      read(
        '7 openat(AT_FDCWD</workspace/repo>, "a", O_RDONLY <unfinished ...>',
        '8 chdir("/workspace/repo/lib")            = 0',
        '8 access("b", F_OK)                       = -1 ENOENT (No such file or directory)',
        "7 <... openat resumed>)                   = 3</workspace/repo/a>",
        '8 openat(5</workspace/repo/test>, "../c", O_RDONLY) = 6</workspace/repo/c>',
      ),
    ).toEqual({ opened: ["a", "c"], probed: ["lib/b"] });
  });

  it("decodes escaped bytes, shows the target of a link, and ignores lines that are not calls", () => {
    expect(
      read(
        '7 openat(AT_FDCWD</workspace/repo>, "\\303\\244 \\"x\\"", O_RDONLY) = 3</workspace/repo/\\303\\244 \\"x\\">',
        '7 openat(AT_FDCWD</workspace/repo>, "link", O_RDONLY) = 3</workspace/repo/real>',
        "7 +++ exited with 0 +++",
        "7 --- SIGCHLD {si_signo=SIGCHLD} ---",
        '7 openat(AT_FDCWD</workspace/repo>, "x", O_RDONLY) = ?',
        'no line of strace "x" = 0',
      ),
    ).toEqual({ opened: ['ä "x"', "link", "real"] });
  });
});

describe("the folders that tests need to write to", () => {
  it("are the folders of refused files, and refused folders, without those inside others", () => {
    expect(writableFolders(["out/a", "out/deep/b", "dist/", "top.log"])).toEqual(["dist", "out"]);
    expect(writableFolders(Array.from({ length: 20 }, (_, index) => `tmp/${index}/x`))).toEqual(["tmp"]);
    expect(writableFolders(["top.log"])).toEqual([]);
  });

  it("refusedAtTop names the refused files at the top of the checkout, which is no writable folder", () => {
    const refused = [".coverage", "c.out", "dist/", "out/a", "\u001b[31m.txt", ""];
    expect(refusedAtTop(refused)).toEqual([".coverage", "c.out"]);
  });
});
