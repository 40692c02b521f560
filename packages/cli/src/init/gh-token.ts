/** The token that GitHub's own command line (`gh`) has for a host. It is asked for with a time limit, and nothing that it prints is shown. */
import { execFile } from "node:child_process";

const timeoutMs = 5_000;
/** More than any token; what is longer is none. */
const outputBytesMax = 4_096;
/** What gh needs to find its configuration and a keyring; no secret of aedev is among them. */
const passed = ["PATH", "HOME", "XDG_CONFIG_HOME", "GH_CONFIG_DIR", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

/** Null if there is no gh, it is not logged in to that host, or it does not answer in time. */
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
