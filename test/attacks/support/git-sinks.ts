/**
 * Places in a repository from which git runs a program, opens a connection, or reads and writes elsewhere. Each is planted as an agent would: in the tree it
 * works in and in the git directory that it owns. `naive`: the git commands that a person would run there.
 */
import { dirname, join } from "node:path";
import { gitDirectorySinks, treeSinks } from "./folder-sinks.ts";
import { appendConfig, type Sink, type SinkFolders, write, writeHook } from "./sink.ts";

const add = ["add", "--all"];
const commit = ["commit", "--allow-empty", "--message=x"];

/** Sinks in a section of the repository's configuration, with attributes if needed. */
const configured: readonly [
  name: string,
  config: (folders: SinkFolders) => string,
  attributes: string,
  naive: Sink["naive"],
][] = [
  ["filter.clean", ({ fire }) => `[filter "x"]\n\tclean = ${fire}\n`, "* filter=x\n", [add]],
  [
    "filter.smudge",
    ({ fire }) => `[filter "x"]\n\tsmudge = ${fire}\n`,
    "* filter=x\n",
    [add, ["checkout", "--force", "HEAD", "--", "."], ["checkout-index", "--all", "--force"]],
  ],
  ["filter.process", ({ fire }) => `[filter "x"]\n\tprocess = ${fire}\n`, "* filter=x\n", [add]],
  [
    "large file storage",
    ({ fire }) =>
      `[filter "lfs"]\n\tclean = ${fire} clean -- %f\n\tsmudge = ${fire} smudge -- %f\n\trequired = true\n[lfs]\n\turl = http://127.0.0.1:9/\n`,
    "* filter=lfs diff=lfs merge=lfs -text\n",
    [add],
  ],
  ["core.fsmonitor", ({ fire }) => `[core]\n\tfsmonitor = ${fire}\n`, "", [["status"]]],
  ["core.hooksPath", ({ fire }) => `[core]\n\thooksPath = ${join(dirname(fire), "hooks")}\n`, "", [commit]],
  [
    "core.sshCommand",
    ({ fire }) =>
      `[core]\n\tsshCommand = ${fire}\n[remote "origin"]\n\turl = ssh://host/x\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
    "",
    [["fetch"]],
  ],
  ["core.editor", ({ fire }) => `[core]\n\teditor = ${fire}\n`, "", [["commit", "--allow-empty"]]],
  [
    "core.pager",
    ({ fire }) => `[core]\n\tpager = ${fire}\n[pager]\n\tlog = ${fire}\n\tdiff = ${fire}\n`,
    "",
    [["--paginate", "log"]],
  ],
  ["alias", ({ fire }) => `[alias]\n\tst = !${fire}\n\tstatus = !${fire}\n`, "", [["st"]]],
  ["diff.external", ({ fire }) => `[diff]\n\texternal = ${fire}\n`, "", [["diff"]]],
  ["diff driver's command", ({ fire }) => `[diff "x"]\n\tcommand = ${fire}\n`, "* diff=x\n", [["diff"]]],
  ["diff driver's textconv", ({ fire }) => `[diff "x"]\n\ttextconv = ${fire}\n`, "* diff=x\n", [["diff"]]],
  [
    "merge driver",
    ({ fire }) => `[merge "x"]\n\tdriver = ${fire}\n`,
    "* merge=x\n",
    [
      ["checkout", "--quiet", "-b", "other"],
      add,
      commit,
      ["checkout", "--quiet", "HEAD~1"],
      ["rm", "-q", "--cached", "a.txt"],
      ["read-tree", "--empty"],
      ["merge-file", "a.txt", "a.txt", "a.txt"],
    ],
  ],
  ["credential.helper", ({ fire }) => `[credential]\n\thelper = "!${fire}"\n`, "", [["credential", "fill"]]],
  [
    "core.askPass",
    ({ fire, port }) =>
      `[core]\n\taskPass = ${fire}\n[credential]\n\thelper =\n[remote "origin"]\n\turl = http://127.0.0.1:${port}/x\n`,
    "",
    [["ls-remote", "origin"]],
  ],
  [
    "core.gitProxy",
    ({ fire }) => `[core]\n\tgitProxy = ${fire}\n[remote "origin"]\n\turl = git://localhost/x\n`,
    "",
    [["fetch"]],
  ],
  [
    "remote helper ext::",
    ({ fire }) => `[protocol "ext"]\n\tallow = always\n[remote "origin"]\n\turl = ext::${fire}\n`,
    "",
    [["fetch", "origin"]],
  ],
  [
    "url.insteadOf",
    ({ fire }) =>
      `[protocol "ext"]\n\tallow = always\n[url "ext::${fire} "]\n\tinsteadOf = /\n\tinsteadOf = file\n[remote "origin"]\n\turl = /elsewhere\n`,
    "",
    [["fetch", "origin"]],
  ],
  [
    "remote.uploadpack",
    ({ fire, outside }) =>
      `[remote "origin"]\n\turl = ${outside}\n\tuploadpack = ${fire}\n\treceivepack = ${fire}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
    "",
    [["fetch", "origin"]],
  ],
  [
    "a remote on the network",
    ({ port }) =>
      `[remote "origin"]\n\turl = http://127.0.0.1:${port}/x\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\tpromisor = true\n\tpartialclonefilter = blob:none\n[extensions]\n\tpartialClone = origin\n`,
    "",
    [["fetch", "origin"]],
  ],
  [
    "http.proxy",
    ({ port }) => `[http]\n\tproxy = http://127.0.0.1:${port}\n[remote "origin"]\n\turl = http://example.invalid/x\n`,
    "",
    [["ls-remote", "origin"]],
  ],
  [
    "gpg.program",
    ({ fire }) => `[gpg]\n\tprogram = ${fire}\n[commit]\n\tgpgSign = true\n[log]\n\tshowSignature = true\n`,
    "",
    [commit],
  ],
  [
    "trailer.command",
    ({ fire }) => `[trailer "x"]\n\tkey = X\n\tcommand = ${fire}\n\tifExists = add\n\tifMissing = add\n`,
    "",
    [["interpret-trailers", "--trailer", "x=1", "a.txt"]],
  ],
  ["tar.command", ({ fire }) => `[tar "x"]\n\tcommand = ${fire}\n`, "", [["archive", "--format=x", "HEAD"]]],
  [
    "interactive.diffFilter",
    ({ fire }) => `[interactive]\n\tdiffFilter = ${fire}\n[color]\n\tui = always\n`,
    "",
    [["add", "--patch"]],
  ],
  [
    "core.alternateRefsCommand",
    ({ fire, outside }) => `[core]\n\talternateRefsCommand = ${fire}\n[remote "origin"]\n\turl = ${outside}\n`,
    "",
    [["fetch", "origin"]],
  ],
  [
    "core.worktree elsewhere",
    ({ outside }) => `[core]\n\tworktree = ${outside}\n\tbare = false\n`,
    "",
    [["checkout", "--force", "HEAD", "--", "."]],
  ],
  ["working-tree-encoding", () => "", "*.txt working-tree-encoding=UTF-16 text eol=crlf\n", []],
  ["export-subst and ident", () => "", "* export-subst export-ignore ident -diff binary\n", []],
];

export const sinks: readonly Sink[] = [
  ...configured.map(
    ([name, config, attributes, naive]): Sink => ({
      name,
      plant: (folders) => {
        appendConfig(folders.gitDir, config(folders));
        if (attributes !== "") write(folders.tree, ".gitattributes", attributes);
        if (name === "core.hooksPath") writeHook(join(dirname(folders.fire), "hooks"), folders.fire);
      },
      naive,
    }),
  ),
  ...gitDirectorySinks,
  ...treeSinks,
];
