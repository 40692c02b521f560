/** Runs command lines of aedev for tests, in a server that is started once, or in a separate process while that is busy or for another PATH. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { CommandEnd, CommandLine } from "./command-server.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const timeoutMs = 280_000;

let server: ChildProcess | null = null;
let isBusy = false;

/** Runs `aedev` without standard input; the outputs lack their last line break. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CommandEnd> {
  if (isBusy || environment["PATH"] !== process.env["PATH"]) return runAlone(args, environment);
  isBusy = true;
  try {
    const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
    return await askServer({ args, environment: given as Record<string, string> });
  } finally {
    isBusy = false;
  }
}

async function askServer(line: CommandLine): Promise<CommandEnd> {
  server ??= startServer();
  const asked = server;
  asked.send(line);
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(() => asked.kill("SIGKILL"), timeoutMs);
  try {
    const end = await Promise.race([
      once(asked, "message", { signal }).then(([message]) => message as CommandEnd),
      once(asked, "exit", { signal }).then(([code, why]) =>
        Promise.reject(new Error(`${line.args.join(" ")}: ended (${why ?? code})`)),
      ),
    ]);
    return { ...end, stdout: end.stdout.replace(/\n$/, ""), stderr: end.stderr.replace(/\n$/, "") };
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

function startServer(): ChildProcess {
  const started = fork(join(root, "test/support/command-server.ts"), [], {
    cwd: process.cwd(),
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  started.once("exit", () => {
    if (server === started) server = null;
  });
  // It ends with this process, and does not keep it alive.
  started.unref();
  started.channel?.unref();
  return started;
}

/** Like `runCommand`, but always in a separate process. */
export async function runAlone(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  timeout = timeoutMs,
): Promise<CommandEnd> {
  const {
    exitCode = -1,
    stdout,
    stderr,
  } = await execa(join(root, "bin/aedev"), args, {
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout,
  });
  return { exitCode, stdout, stderr };
}
