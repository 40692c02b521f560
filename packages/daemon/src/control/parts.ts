/**
 * The parts of control. A function names the few that it uses, such as `Blobs & Mirrors`, and is handed whatever has them: `Control` has all. Only the
 * process that makes `Control` and the doors by which others come in name it.
 */
import type { Policy, State } from "@aedev/core";
import type { BlobStore } from "@aedev/host/blob-store";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { Budgets } from "../configuration/live-budgets.ts";
import type { RepositoryOptions } from "../git/bare-repository.ts";
import type { GitHubAccess } from "../github/credential.ts";
import type { LogTrust } from "../home/log-trust.ts";
import type { EventLog } from "../log/event-log.ts";
import type { ViewQueries } from "../log/view-queries.ts";

/** The store of everything that is large: changes, evidence, texts. */
export interface Blobs {
  readonly blobs: BlobStore;
}

/** What every call of git for a repository's mirror is given. */
export interface Mirrors {
  readonly mirror: (repository: string) => RepositoryOptions;
}

/** What the log says, and whether it would keep a text as it is. */
export interface Records {
  readonly log: Pick<
    EventLog,
    "state" | "stateWith" | "stateToShow" | "views" | "head" | "listEvents" | "keepsWhole" | "subscribe"
  >;
}

/** Where a command is decided and recorded. */
export interface Commands {
  readonly log: Pick<EventLog, "submit">;
}

/** The operator's effective policy, loaded once at start and recorded in the log by `PolicyLoaded`. */
export interface Rules {
  readonly policy: () => Policy;
}

/** Whether the log is trusted; while it is not, nothing acts (T33). */
export interface Trust {
  readonly trust: LogTrust;
}

/** Sections of the configuration. */
export interface Configured<Section extends keyof Configuration> {
  readonly configuration: Pick<Configuration, Section>;
}

/** The judges as they are configured. */
export interface Judges extends Rules, Configured<"models" | "addresses"> {
  /** Digest of the judges' prompt in this version of the product. */
  readonly judgePromptDigest: string;
}

/** The folder that has everything of this installation. */
export interface Home {
  readonly home: string;
}

/** What decides where aedev may write. */
export interface WriteRules {
  readonly configuration: {
    readonly system: Pick<Configuration["system"], "allow_remote_writes">;
    readonly landing: Pick<Configuration["landing"], "without_permission">;
  };
  readonly log: { readonly state: Pick<State, "repositories"> };
}

/** What may be used, and what is used. */
export interface Spending extends Configured<"models" | "gatewayLimits"> {
  readonly budgets: () => Budgets;
  readonly log: Pick<EventLog, "state"> & { readonly views: Pick<ViewQueries, "charges"> };
}

/** The configured GitHub, and the access that this home has to it. */
export interface GitHubs extends Configured<"github"> {
  readonly github: GitHubAccess;
}
