/** Where things are in a home. Names only: it opens and makes nothing. */
import { join } from "node:path";

export interface HomeLayout {
  readonly home: string;
  readonly log: string;
  readonly lock: string;
  readonly head: string;
  readonly token: string;
  readonly signingKey: string;
  readonly verifyingKey: string;
  readonly evidenceKey: string;
  readonly evidencePublicKey: string;
  readonly approvalKey: string;
  readonly configuration: string;
  readonly policies: string;
  readonly blobs: string;
  readonly daemonRecord: string;
  /** Every folder that a home has, the home itself first. */
  readonly folders: readonly string[];
}

export function homeLayout(home: string): HomeLayout {
  const at = (...names: string[]) => join(home, ...names);
  const folders = ["secrets", "keys", "blobs", "bundles", "mirrors", "worktrees", "prepared", "logs", "run"];
  return {
    home,
    log: at("aedev.db"),
    lock: at("lock.db"),
    head: at("head.json"),
    token: at("token"),
    signingKey: at("keys", "head.key"),
    verifyingKey: at("keys", "head.pub"),
    evidenceKey: at("keys", "evidence.key"),
    evidencePublicKey: at("keys", "evidence.pub"),
    approvalKey: at("keys", "approval.key"),
    configuration: at("config.yaml"),
    policies: at("policies.yaml"),
    blobs: at("blobs"),
    daemonRecord: at("run", "daemon.json"),
    folders: [home, ...folders.map((name) => at(name))],
  };
}
