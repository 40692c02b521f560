/** What the program uses from other packages, each behind a dynamic import, so that a verb loads only what it needs. */
import type { Entries, Outside } from "./session.ts";

export type DaemonEntry = typeof import("@aedev/daemon");
type Runner = typeof import("@aedev/runner");

export type RunnerEntry = Pick<Runner, "replayRun" | "exportJournal" | "probeSandbox">;

/** The options of `aedev demo`. `attack`: play the attack instead, with the person's own command if given. `github`: play a day with a fake GitHub. `board`: open a home full of simulated missions. */
export interface DemoOptions {
  readonly json: boolean;
  readonly colored: boolean;
  readonly live: boolean;
  readonly attack: { readonly command: string | undefined } | null;
  readonly github: boolean;
  readonly board: { readonly keep: boolean } | null;
  readonly scripts: string | undefined;
  readonly repo: string | undefined;
  readonly environment: Outside["environment"];
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}
export interface DemoEntry {
  /** Resolves with the exit code: 0 if everything ended as expected. */
  playDemo(options: DemoOptions): Promise<0 | 1>;
}

/** The demo depends on this package, so the compiler must not follow an import of its name. It implements `DemoEntry`. */
const demoPackage: string = "@aedev/demo";

export const processEntries: Entries = {
  daemon: () => import("@aedev/daemon"),
  runner: () => import("@aedev/runner"),
  demo: () => import(demoPackage),
};
