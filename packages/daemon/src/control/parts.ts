/**
 * The parts of control. A function names the few that it uses, such as `Blobs & Mirrors`; `Control` has all. Only the process that makes `Control` and the
 * doors for outside requests name the whole.
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

/** The store of everything large: changes, evidence, texts. */
export interface Blobs {
  readonly blobs: BlobStore;
}

/** The options that every git call on a repository's mirror gets. */
export interface Mirrors {
  readonly mirror: (repository: string) => RepositoryOptions;
}

/** What the log says, and whether it would keep a text unchanged. */
export interface Records {
  readonly log: Pick<
    EventLog,
    "state" | "stateWith" | "stateToShow" | "views" | "head" | "listEvents" | "keepsWhole" | "subscribe"
  >;
}

/** Decides and records commands. */
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

/** The judges as configured. */
export interface Judges extends Rules, Configured<"models" | "addresses"> {
  /** Digest of the judges' prompt in this version of the product. */
  readonly judgePromptDigest: string;
}

/** The folder of this installation. */
export interface Home {
  readonly home: string;
}

/** Decides where aedev may write. */
export interface WriteRules {
  readonly configuration: {
    readonly system: Pick<Configuration["system"], "allow_remote_writes">;
    readonly landing: Pick<Configuration["landing"], "without_permission">;
  };
  readonly log: { readonly state: Pick<State, "repositories"> };
}

/** What work may use, and what it has used. */
export interface Spending extends Configured<"models" | "gatewayLimits"> {
  readonly budgets: () => Budgets;
  readonly log: Pick<EventLog, "state"> & { readonly views: Pick<ViewQueries, "charges"> };
}

/** The configured GitHub, and this home's access to it. */
export interface GitHubs extends Configured<"github"> {
  readonly github: GitHubAccess;
}
