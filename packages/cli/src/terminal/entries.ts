/** What the program uses of the other packages, each behind one dynamic import, so that a verb loads only what it needs. */
import type { Entries, Outside } from "./session.ts";

export type DaemonEntry = typeof import("@aedev/daemon");
type Runner = typeof import("@aedev/runner");

export type RunnerEntry = Pick<Runner, "replayRun" | "exportJournal" | "probeSandbox">;

/** What `aedev demo` hands over. `attack`: play the attack instead, with one command of the person's own if given. `github`: play a day at a fake of GitHub. */
export interface DemoOptions {
  readonly json: boolean;
  readonly colored: boolean;
  readonly live: boolean;
  readonly attack: { readonly command: string | undefined } | null;
  readonly github: boolean;
  readonly scripts: string | undefined;
  readonly repo: string | undefined;
  readonly environment: Outside["environment"];
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}
export interface DemoEntry {
  /** Resolves with the exit code: 0 if everything played ended as it should. */
  playDemo(options: DemoOptions): Promise<0 | 1>;
}

/** The demo is built on this package, so its name is not an import that the compiler follows; it implements `DemoEntry`. */
const demoPackage: string = "@aedev/demo";

export const processEntries: Entries = {
  daemon: () => import("@aedev/daemon"),
  runner: () => import("@aedev/runner"),
  demo: () => import(demoPackage),
};
