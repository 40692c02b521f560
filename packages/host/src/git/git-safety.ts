/** Flags and environment of every git call on the host (SECURITY T1, T3, T18): no hooks, filters, credential helpers or proxies. Pure data. */
import { delimiter, isAbsolute } from "node:path";

/** Put before the subcommand of every host git call. */
export const gitSafeFlags: readonly string[] = [
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.attributesFile=/dev/null",
  "-c",
  "core.autocrlf=false",
  "-c",
  "core.safecrlf=false",
  "-c",
  "core.protectHFS=true",
  "-c",
  "core.protectNTFS=true",
  "-c",
  "core.quotePath=false",
  "-c",
  "core.symlinks=true",
  "-c",
  "core.fileMode=true",
  "-c",
  "gc.auto=0",
  "-c",
  "maintenance.auto=false",
  "-c",
  "submodule.recurse=false",
  "-c",
  "fetch.recurseSubmodules=false",
  "-c",
  "credential.helper=",
  "-c",
  "protocol.allow=never",
  "-c",
  "protocol.https.allow=always",
  "-c",
  "protocol.ssh.allow=always",
  "-c",
  "protocol.file.allow=always",
  "-c",
  "http.followRedirects=false",
  "-c",
  "commit.gpgSign=false",
  "-c",
  "diff.external=",
  "-c",
  "advice.detachedHead=false",
];

/** The transports of every call, as GIT_ALLOW_PROTOCOL lists them; git reads it before the flags. */
export const gitAllowedProtocols = "https:ssh:file";

/** The complete environment of a host git call. `path` is PATH, `home` an empty folder of aedev. Callers can add variables such as GIT_INDEX_FILE. */
export function gitSafeEnvironment(path: string, home: string): Record<string, string> {
  return {
    // A relative folder would be resolved in the folder that git works in.
    PATH: path.split(delimiter).filter(isAbsolute).join(delimiter),
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    SSH_ASKPASS: "/bin/false",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_ALLOW_PROTOCOL: gitAllowedProtocols,
  };
}

/** The content of `info/attributes` in every git directory of aedev: attributes in a tree must not hide or change bytes. */
export const gitInfoAttributes = "* -text -ident -filter -working-tree-encoding diff -merge\n";

/** Flags of every diff that becomes evidence: tree to tree, full hunks, nothing hidden. Renames are separate evidence. */
export const gitEvidenceDiffFlags: readonly string[] = [
  "--text",
  "--full-index",
  "--no-renames",
  "--no-ext-diff",
  "--no-textconv",
  "--ignore-submodules=all",
  "--no-color",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--unified=3",
  "--diff-algorithm=myers",
  "--no-relative",
];
