/**
 * Everything outside that a verb can use: the terminal, the environment, the home, and the entries of the other packages. Tests pass in their own.
 *
 * Folder: standard streams, the progress line, what a verb may use of the outside world.
 */
import type { DaemonEntry, DemoEntry, RunnerEntry } from "./entries.ts";

export interface Terminal {
  write(text: string): void;
  /** Writes data whose lines must not be folded; if missing, `write` is used. */
  writeData?(text: string): void;
  /** Writes to stderr. */
  complain(text: string): void;
  /** Writes a text with this program's own colours and cursor movements; its foreign text is already escaped. If missing, `write` and `complain` are used. */
  draw?(text: string, stream?: "output" | "error", form?: "folded"): void;
  /** Writes data for another program unchanged, unless a terminal would show it; if missing, `write` is used. */
  pipe?(text: string): void;
  readonly interactive: boolean;
  /** Size of the terminal that a stream goes to; undefined if the stream goes elsewhere. */
  sizeOf?(stream: "output" | "error"): TerminalSize | undefined;
  /** Shows a text in the person's pager. */
  page?(text: string): Promise<void>;
  /** Reports each typed key until the returned function is called. */
  onKey?(listener: (key: string) => void): () => void;
  /** Everything on standard input. */
  readAll(): Promise<string>;
  /** One line typed by a person; with `secret` it is not shown. */
  ask(prompt: string, options?: { secret: boolean }): Promise<string>;
}
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}
export interface Entries {
  daemon(): Promise<DaemonEntry>;
  runner(): Promise<RunnerEntry>;
  demo(): Promise<DemoEntry>;
}
export interface Outside {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly entries: Entries;
}
export interface Session extends Outside {
  readonly home: string;
  /** The file with an operator's token; undefined: the home's own token is used. */
  readonly tokenFile?: string | undefined;
  readonly json: boolean;
}

/** Writes a patch, a script or other data unchanged, however long its lines are. */
export function writeData(terminal: Terminal, text: string): void {
  (terminal.writeData ?? terminal.write)(text);
}

/** Draws on the terminal; see `Terminal.draw`. */
export function drawOn(terminal: Terminal, text: string, stream: "output" | "error" = "output", form?: "folded"): void {
  (terminal.draw ?? (stream === "error" ? terminal.complain : terminal.write))(text, stream, form);
}

/** True if a person can be asked right away. `--json` is for programs, so it is false. */
export function canAsk(session: Session): boolean {
  return session.terminal.interactive && !session.json;
}
