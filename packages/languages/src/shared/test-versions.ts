/** Two versions of a file with tests, and what a change does to these apart from their assertions. */

export interface Versions {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted";
  /** An absent text is empty. */
  readonly before: string;
  readonly after: string;
  /** The file is one of code. */
  readonly isAmongCode: boolean;
}

export interface TestVersions {
  /** The tests of each version: the whole file, or what is cut out of it. */
  readonly before: string;
  readonly after: string;
  /** Existing tests in another form, as the language's runner names them. */
  readonly changedTests: readonly string[];
  /** Whether more changes than that and additions. */
  readonly changed: boolean;
  /** New helpers, types and macros that other files may see. */
  readonly names: readonly string[];
}
