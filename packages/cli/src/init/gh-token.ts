/** The token that GitHub's own command line (`gh`) has for a host. `gh` is run with a time limit, and none of its output is shown. */
import { execFile } from "node:child_process";

const timeoutMs = 5_000;
/** Longer than any token; longer output is not a token. */
const outputBytesMax = 4_096;
/** The variables that gh needs to find its configuration and a keyring. None contains a secret of aedev. */
const passed = ["PATH", "HOME", "XDG_CONFIG_HOME", "GH_CONFIG_DIR", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

/** Null if gh is missing, not logged in to that host, or does not answer in time. */
export function readGhToken(
  host: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const env = Object.fromEntries(
    passed.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
  // gh may ask git about the folder that it runs in.
  const options = { cwd: "/", env, timeout: timeoutMs, maxBuffer: outputBytesMax, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    const child = execFile("gh", ["auth", "token", "--hostname", host], options, (error, stdout) => {
      const token = stdout.trim();
      resolve(error === null && /^[\x21-\x7e]+$/.test(token) ? token : null);
    });
    child.stdin?.end();
  });
}
