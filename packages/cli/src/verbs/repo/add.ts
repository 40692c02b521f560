/** `aedev repo add`: registers a repository, or changes the settings of a known name: what is not given keeps its value. */
import { resolve } from "node:path";
import type { RepositoryState } from "@aedev/core";
import { done } from "../../answer.ts";
import { repositoryText } from "../../render/repository-text.ts";
import { postToDaemon } from "../../session/daemon-link.ts";
import type { Verb, VerbInput } from "../../verb.ts";

export const verb: Verb = {
  summary: "Register a repository; with a known name, change its settings (what is not given keeps its value).",
  arguments: [
    { name: "<path-or-url>", summary: "working copy (its origin, where it has one), bare repository or address" },
  ],
  options: [
    { flags: "--name <name>", summary: "name to call it by", required: true },
    { flags: "--prepare <command>", summary: "fetch step: with network, install scripts off" },
    { flags: "--build <command>", summary: "build step: without network" },
    {
      flags: "--inputs <globs>",
      summary: "files the fetch step sees, separated by commas (default: manifests and lockfiles)",
    },
    { flags: "--outputs <paths>", summary: "what prepare makes, separated by commas (default: node_modules)" },
    { flags: "--verify <command>", summary: "command that proves a change; repeat for more", repeat: true },
    { flags: "--tests <glob>", summary: "which files are tests; repeat for more", repeat: true },
    { flags: "--image <reference>", summary: "container image of another toolchain" },
    { flags: "--profile <profile>", summary: "safe, balanced or aggressive" },
    { flags: "--allow-writes", summary: "let aedev push to it" },
    { flags: "--no-allow-writes", summary: "take that back" },
  ],
  examples: [
    "aedev repo add ../tool --name tool --verify 'npm test' --tests 'test/**'",
    "aedev repo add https://example.org/tool.git --name tool --prepare 'npm ci' --verify 'npm test' --tests 'test/**'",
    "aedev repo add ../tool --name tool --allow-writes",
  ],
  async run(session, input) {
    const answer = await postToDaemon(session, "/api/repositories", registrationOf(input));
    if (answer.kind === "refused") return answer;
    return done(answer.document, repositoryText(answer.document as RepositoryState));
  },
};

function registrationOf(input: VerbInput): Record<string, unknown> {
  const given = {
    path_or_url: sourceOf(input.argument(0)),
    name: input.text("name"),
    prepare: input.text("prepare"),
    build: input.text("build"),
    inputs: listOf(input.text("inputs")),
    outputs: listOf(input.text("outputs")),
    verify: input.texts("verify"),
    tests: input.texts("tests"),
    image: input.text("image"),
    profile: input.text("profile"),
    allow_writes: input.choice("allowWrites"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A path is made absolute, because the daemon works in another folder; `scheme://…` and `host:path` go as they are. */
export function sourceOf(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[^/\\.][^/\\]*:/.test(text) ? text : resolve(text);
}

function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
