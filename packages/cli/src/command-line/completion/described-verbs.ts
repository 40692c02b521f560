/** The facts that a shell needs to complete each verb: its words, options and the values of each argument. They are derived from the verbs, so they can't get out of date. */
import { priorities } from "@aedev/contracts";
import type { Verb } from "../verb.ts";

/** Kinds of ids that are looked up on demand; `aedev completion <kind>` prints them. */
export const idKinds = ["missions", "tasks", "holds", "repositories"] as const;
export type IdKind = (typeof idKinds)[number];
/** The values that an argument accepts: ids, fixed words, a path, or anything. */
export type Wanted =
  | { readonly kind: "ids"; readonly of: IdKind }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "anything" };

export interface DescribedOption {
  /** The long form, with its dashes. */
  readonly name: string;
  readonly summary: string;
  /** Null if it takes no value. */
  readonly value: Wanted | null;
}
export interface DescribedVerb {
  readonly name: string;
  readonly summary: string;
  /** By position. */
  readonly arguments: readonly Wanted[];
  readonly options: readonly DescribedOption[];
}

const everywhere: readonly DescribedOption[] = [
  { name: "--json", summary: "print one JSON document on stdout", value: null },
  { name: "--home", summary: "home folder", value: { kind: "folder" } },
  { name: "--token-file", summary: "file with an operator's token", value: { kind: "file" } },
  { name: "--help", summary: "show help", value: null },
];

export function describeVerb({ name, verb }: { name: string; verb: Verb }): DescribedVerb {
  const own = (verb.options ?? []).map(({ flags, summary }): DescribedOption => {
    const [, option = flags, placeholder] = /^(?:-\w, )?(--[\w-]+)(?: [<[](.+)[>\]])?$/.exec(flags) ?? [];
    return {
      name: option,
      summary,
      value: placeholder === undefined ? null : wantedValue(placeholder, { name, option }),
    };
  });
  return {
    name,
    summary: verb.summary,
    arguments: (verb.arguments ?? []).map(({ name: argument }) =>
      wantedValue(argument.slice(1, -1).replace(/\.{3}$/, ""), { name, option: null }),
    ),
    options: [...own, ...everywhere],
  };
}

const partsOf: Readonly<Record<string, readonly string[]>> = {
  profile: ["safe", "balanced", "aggressive"],
  priority: priorities,
  shell: ["bash", "zsh", "fish"],
};

/** The accepted values, derived from the placeholder in the help. */
function wantedValue(placeholder: string, position: { name: string; option: string | null }): Wanted {
  const words = Object.hasOwn(partsOf, placeholder) ? partsOf[placeholder] : undefined;
  if (words !== undefined) return { kind: "words", words };
  const of = idKinds.find((kind) => kind === `${placeholder}s`);
  if (of !== undefined) return { kind: "ids", of };
  if (
    position.option === "--repo" ||
    (position.option === null && placeholder === "name" && position.name.startsWith("repo "))
  )
    return { kind: "ids", of: "repositories" };
  if (/^(dir|folder)$/.test(placeholder)) return { kind: "folder" };
  return /file|path|yaml/.test(placeholder) ? { kind: "file" } : { kind: "anything" };
}
