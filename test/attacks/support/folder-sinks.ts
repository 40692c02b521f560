/** Sinks that are files, in the agent's git directory and in the tree. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { appendConfig, plantRepository, type Sink, write, writeHook } from "./sink.ts";

const add = ["add", "--all"];
const commit = ["commit", "--allow-empty", "--message=x"];

export const gitDirectorySinks: readonly Sink[] = [
  {
    name: "hooks in the git directory",
    plant: ({ gitDir, fire }) => writeHook(join(gitDir, "hooks"), fire),
    naive: [commit],
  },
  {
    name: "info/attributes",
    plant: ({ gitDir, fire }) => {
      appendConfig(gitDir, `[filter "x"]\n\tclean = ${fire}\n`);
      write(gitDir, "info/attributes", "* filter=x\n");
    },
    naive: [add],
  },
  {
    name: "include.path",
    plant: ({ tree, gitDir, fire }) => {
      write(tree, "settings/extra", `[core]\n\tfsmonitor = ${fire}\n`);
      appendConfig(
        gitDir,
        `[include]\n\tpath = ${join(tree, "settings/extra")}\n[includeIf "gitdir:/**"]\n\tpath = ${join(tree, "settings/extra")}\n`,
      );
    },
    naive: [["status"]],
  },
  {
    name: "config.worktree",
    plant: ({ gitDir, fire }) => {
      appendConfig(gitDir, "[extensions]\n\tworktreeConfig = true\n");
      write(gitDir, "config.worktree", `[core]\n\tfsmonitor = ${fire}\n`);
    },
    naive: [["status"]],
  },
  {
    name: "commondir",
    plant: (folders) => {
      plantRepository(join(folders.tree, "common"), folders);
      write(folders.gitDir, "commondir", `${join(folders.tree, "common")}\n`);
    },
    naive: [["status"]],
  },
  {
    name: "a template folder",
    plant: ({ tree, gitDir, fire }) => {
      writeHook(join(tree, "template", "hooks"), fire);
      appendConfig(gitDir, `[init]\n\ttemplateDir = ${join(tree, "template")}\n`);
    },
    naive: [
      ["init", "--quiet", "fresh"],
      ["-C", "fresh", "commit", "--allow-empty", "--message=x"],
    ],
  },
  {
    name: "alternates of its own",
    plant: ({ gitDir, outside }) => {
      write(gitDir, "objects/info/alternates", `${outside}/objects\n/nonexistent/objects\n`);
      write(gitDir, "objects/info/http-alternates", "http://127.0.0.1:9/x\n");
    },
    naive: [],
  },
  {
    name: "replaced objects and grafts",
    plant: ({ gitDir, commit: id }) => {
      write(gitDir, `refs/replace/${id}`, `${id}\n`);
      write(gitDir, "info/grafts", `${id}\n`);
      write(gitDir, "shallow", `${id}\n`);
    },
    naive: [],
  },
];

export const treeSinks: readonly Sink[] = [
  {
    name: "a nested repository",
    plant: (folders) => {
      plantRepository(join(folders.tree, "nested", ".git"), folders);
      write(folders.tree, "nested/file.txt", "x\n");
    },
    naive: [["-C", "nested", "add", "--all"], add],
  },
  {
    name: "a bare repository in a folder",
    plant: (folders) => {
      plantRepository(join(folders.tree, "bare"), folders);
    },
    naive: [
      ["-C", "bare", "-c", "core.bare=true", "commit", "--allow-empty", "--message=x"],
      ["-C", "bare", "update-ref", "refs/heads/x", "HEAD"],
      ["-C", "bare", "-c", "core.worktree=..", "status"],
    ],
  },
  {
    name: "a submodule's own configuration",
    plant: (folders) => {
      plantRepository(join(folders.tree, "module", ".git"), folders);
      write(folders.tree, ".gitmodules", '[submodule "module"]\n\tpath = module\n\turl = ./module\n');
      write(folders.tree, "module/file.txt", "x\n");
    },
    naive: [["-C", "module", "add", "--all"], ["status"]],
  },
  {
    name: ".gitmodules that names ext:: and an update command",
    plant: ({ tree, gitDir, fire }) => {
      write(tree, ".gitmodules", `[submodule "m"]\n\tpath = m\n\turl = ext::${fire}\n\tupdate = !${fire}\n`);
      appendConfig(
        gitDir,
        `[protocol "ext"]\n\tallow = always\n[submodule "m"]\n\turl = ext::${fire}\n\tactive = true\n\tupdate = !${fire}\n`,
      );
    },
    naive: [["clone", "--quiet", "--config", "protocol.ext.allow=always", "--", "ext::{fire}", "cloned"]],
  },
  {
    name: ".gitmodules whose name climbs",
    plant: ({ tree }) => {
      write(
        tree,
        ".gitmodules",
        '[submodule "../../outside"]\n\tpath = m\n\turl = -u./x\n[submodule "-x"]\n\tpath = -x\n\turl = --upload-pack=x\n',
      );
    },
    naive: [],
  },
  {
    name: "a .git file that points elsewhere",
    plant: (folders) => {
      plantRepository(join(folders.tree, "elsewhere"), folders);
      write(folders.tree, "pointed/.git", "gitdir: ../elsewhere\n");
      write(folders.tree, "pointed/file.txt", "x\n");
    },
    naive: [["-C", "pointed", "add", "--all"]],
  },
  {
    name: "a .git link that points elsewhere",
    plant: (folders) => {
      plantRepository(join(folders.tree, "elsewhere"), folders);
      mkdirSync(join(folders.tree, "linked"), { recursive: true });
      rmSync(join(folders.tree, "linked", ".git"), { force: true });
      symlinkSync("../elsewhere", join(folders.tree, "linked", ".git"));
      write(folders.tree, "linked/file.txt", "x\n");
    },
    naive: [["-C", "linked", "add", "--all"]],
  },
  {
    name: ".git under other spellings",
    plant: (folders) => {
      for (const name of [".GIT", ".Git", "git~1", ".git ", ".g\u200cit"])
        plantRepository(join(folders.tree, "deep", name), folders);
      write(folders.tree, "deep/file.txt", "x\n");
    },
    naive: [],
  },
  {
    name: "links out of the tree",
    plant: ({ tree, outside }) => {
      rmSync(join(tree, "out"), { force: true });
      rmSync(join(tree, "victim"), { force: true });
      symlinkSync(outside, join(tree, "out"));
      symlinkSync(join(outside, "victim.txt"), join(tree, "victim"));
    },
    naive: [],
  },
  {
    name: "names that look like options",
    plant: ({ tree }) => {
      for (const name of [
        "--upload-pack=touch x",
        "-c",
        "--exec=sh",
        "--output=victim.txt",
        "--git-dir=nested",
        ":(top)x",
        "@{-1}",
      ])
        write(tree, name, "x\n");
    },
    naive: [],
  },
];
