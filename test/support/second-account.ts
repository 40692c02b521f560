/** A second account of this machine, made by useradd and removed again; needs root. All its actions run in separate processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";

/** True if this process may make accounts; a test that needs one is skipped otherwise. */
export const canMakeAccounts =
  process.getuid?.() === 0 && execaSync("useradd", ["--help"], { reject: false }).exitCode === 0;

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
export interface SecondAccount extends AsyncDisposable {
  readonly uid: number;
  /** A folder that only the account can enter (0700). */
  readonly folder: string;
  /** Runs a program as this account, with this environment only. */
  run(program: string, args: readonly string[], environment?: Record<string, string>): Promise<Ended>;
  /** Listens as this account on TCP, answers every request as the daemon with this identity would, and keeps every received byte. */
  listen(port: number, health: object): Promise<Listener>;
}
export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** Everything that any connection sent so far. */
  received(): string;
}

export async function makeAccount(): Promise<SecondAccount> {
  const name = `aedev-test-${process.pid}`;
  await execa("useradd", ["--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", name]);
  const uid = Number((await execa("id", ["-u", name])).stdout);
  const gid = Number((await execa("id", ["-g", name])).stdout);
  const folder = mkdtempSync(join(tmpdir(), "aedev-second-"));
  chownSync(folder, uid, gid);
  const asAccount = { uid, gid, cwd: "/", extendEnv: false } as const;
  return {
    uid,
    folder,
    async run(program, args, environment = {}) {
      const env = { PATH: process.env["PATH"], HOME: folder, ...environment };
      const { exitCode, stdout, stderr } = await execa(program, args, { ...asAccount, env, reject: false });
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    async listen(port, health) {
      const child = spawn(process.execPath, ["-e", listener, String(port), JSON.stringify(health)], {
        ...{ uid, gid, cwd: "/", env: {} },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines = linesOf(child);
      const opened = Number(await lines.first);
      return {
        port: opened,
        received: () => lines.all.slice(1).join("\n"),
        async [Symbol.asyncDispose]() {
          child.kill();
          await new Promise((ended) => child.once("exit", ended));
        },
      };
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await execa("userdel", [name]);
    },
  };
}

/** Prints its port first, then each received piece, as one line of JSON. */
const listener = `
const health = process.argv[2];
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => undefined);
  socket.on("data", (bytes) => {
    console.log(JSON.stringify(bytes.toString("latin1")));
    socket.write("HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: " + Buffer.byteLength(health) + "\\r\\n\\r\\n" + health);
  });
});
server.listen(Number(process.argv[1]), "127.0.0.1", () => console.log(server.address().port));
`;

function linesOf(child: ChildProcess): { first: Promise<string>; all: string[] } {
  const all: string[] = [];
  let rest = "";
  const first = new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the listener ended with ${code}`)));
    child.stdout?.on("data", (bytes: Buffer) => {
      const pieces = `${rest}${bytes.toString("utf8")}`.split("\n");
      rest = pieces.pop() ?? "";
      all.push(...pieces);
      if (all[0] !== undefined) resolve(all[0]);
    });
  });
  return { first, all };
}
