/**
 * The shape of a verb: its place on the command line, its help, and the function that performs it.
 *
 * Folder: parsing arguments; the shape of a verb, its answer and its errors.
 */

import type { Session } from "../terminal/session.ts";
import type { Answer } from "./answer.ts";

/** `flags` in commander's notation, e.g. `--name <name>`. `repeat`: may be given several times. */
export interface VerbOption {
  readonly flags: string;
  readonly summary: string;
  readonly repeat?: true;
  readonly required?: true;
}
/** `name` as in the help: `<id>` is required, `[text]` is not. */
export interface VerbArgument {
  readonly name: string;
  readonly summary: string;
}
/** The parsed command line. Options are named in camel case. */
export interface VerbInput {
  /** The argument at this index; commander has checked that it exists. */
  argument(index: number): string;
  arguments(): readonly string[];
  text(option: string): string | undefined;
  texts(option: string): readonly string[] | undefined;
  flag(option: string): boolean;
  /** Undefined if neither the option nor its `--no-` form was given. */
  choice(option: string): boolean | undefined;
}
export interface Verb {
  readonly summary: string;
  readonly arguments?: readonly VerbArgument[];
  readonly options?: readonly VerbOption[];
  readonly examples: readonly string[];
  run(session: Session, input: VerbInput): Promise<Answer>;
}
