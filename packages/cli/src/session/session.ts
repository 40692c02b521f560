/** What a verb may touch of the outside: the terminal, the environment, the home, and the entries of the other packages. Tests hand in their own. */
import type { DaemonEntry, RunnerEntry } from "./entries.ts";

export interface Terminal {
  write(text: string): void;
  /** Writes to stderr. */
  complain(text: string): void;
  /** True where a person sits at standard input. */
  readonly interactive: boolean;
  /** Size of the terminal that a stream goes to; undefined where it goes elsewhere. */
  sizeOf?(stream: "output" | "error"): TerminalSize | undefined;
  /** Hands over each key as it is typed, until the returned function is called. */
  onKey?(listener: (key: string) => void): () => void;
  /** Everything on standard input. */
  readAll(): Promise<string>;
  /** One line typed by a person; `secret` shows nothing of it. */
  ask(prompt: string, options?: { secret: boolean }): Promise<string>;
}
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}
export interface Entries {
  daemon(): Promise<DaemonEntry>;
  runner(): Promise<RunnerEntry>;
}
export interface Outside {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly entries: Entries;
}
export interface Session extends Outside {
  /** Absolute path of the home. */
  readonly home: string;
  readonly json: boolean;
}
