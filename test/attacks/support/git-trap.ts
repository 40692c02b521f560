/** Watches git on the host: a `git` before the real one records every call, trapped programs record that they ran, and a port counts connections. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { delimiter, join, sep } from "node:path";

/** Programs that git starts by name from PATH. */
const trapped = [
  ...[
    "ssh",
    "gpg",
    "gpg2",
    "gpgsm",
    "ssh-keygen",
    "less",
    "more",
    "vi",
    "vim",
    "nano",
    "emacs",
    "git-lfs",
    "curl",
    "wget",
  ],
  ...[
    "node",
    "npm",
    "python3",
    "perl",
    "git-remote-ext",
    "git-credential-store",
    "git-credential-cache",
    "x-www-browser",
  ],
];

export interface GitCall {
  readonly folder: string;
  readonly gitDir: string | null;
  readonly workTree: string | null;
  readonly subcommand: string;
  readonly args: readonly string[];
}

export interface Trap extends AsyncDisposable {
  readonly port: number;
  /** A program that leaves a mark when it runs; it copies its input, as filters must. */
  readonly fire: string;
  /** Returns and clears the names of trapped programs that ran, and the marks of `fire`. */
  fired(): string[];
  connections(): number;
  /** The git calls since the last request for them. */
  calls(): GitCall[];
}

export async function setTrap(folder: string): Promise<Trap> {
  const [programs, marks, log, fire] = ["programs", "marks", "git-calls", "fire"].map((name) => join(folder, name));
  if (programs === undefined || marks === undefined || log === undefined || fire === undefined)
    throw new Error("no place");
  mkdirSync(programs, { recursive: true });
  const realGit = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  script(fire, `echo fire >> '${marks}'\n[ -p /dev/stdin ] && exec cat\nexit 0`);
  for (const name of trapped) script(join(programs, name), `echo '${name}' >> '${marks}'\nexit 1`);
  script(
    join(programs, "git"),
    `{ printf '%s\\037' "$PWD" "\${GIT_DIR-}" "\${GIT_WORK_TREE-}" "$@"; printf '\\036'; } >> '${log}'\nexec '${realGit}' "$@"`,
  );
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 401 no\r\nwww-authenticate: Basic realm=x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const before = process.env.PATH;
  process.env.PATH = `${programs}${delimiter}${before ?? ""}`;
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    fire,
    fired: () => take(marks).split("\n").filter(Boolean),
    connections: () => connections,
    calls: () => take(log).split("\u001e").filter(Boolean).map(callOf),
    async [Symbol.asyncDispose]() {
      process.env.PATH = before;
      const closed = new Promise((resolve) => server.close(resolve));
      // A client killed during its request leaves a socket that nobody ends.
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function script(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

function take(path: string): string {
  if (!existsSync(path)) return "";
  const text = readFileSync(path, "utf8");
  rmSync(path);
  return text;
}

function callOf(record: string): GitCall {
  const [folder = "", gitDir = "", workTree = "", ...args] = record.split("\u001f").slice(0, -1);
  const given = (flag: string) =>
    args.find((argument) => argument.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? null;
  let at = 0;
  for (; at < args.length; at += args[at] === "-c" ? 2 : 1)
    if (args[at] !== "-c" && args[at]?.startsWith("-") !== true) break;
  return {
    folder,
    gitDir: given("--git-dir") ?? (gitDir || null),
    workTree: given("--work-tree") ?? (workTree || null),
    subcommand: args[at] ?? "",
    args: args.slice(at + 1),
  };
}

/** True for a path that an agent wrote to, as long as it exists. */
export function isAgents(path: string | null, folders: readonly string[]): boolean {
  return path !== null && folders.some((folder) => path === folder || path.startsWith(folder + sep));
}
