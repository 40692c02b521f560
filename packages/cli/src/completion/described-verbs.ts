/** What a shell has to know of every verb to complete it: its words, its options, and what stands in each place. Read from the verbs themselves, so that it can't fall behind. */
import type { Verb } from "../verb.ts";

/** Ids that are looked up when they are wanted; `aedev completion <kind>` prints them. */
export const idKinds = ["missions", "tasks", "holds", "repositories"] as const;
export type IdKind = (typeof idKinds)[number];
/** What may stand in a place: ids, some words, a path, or anything at all. */
export type Wanted =
  | { readonly kind: "ids"; readonly of: IdKind }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "anything" };

export interface DescribedOption {
  /** Long, with its dashes. */
  readonly name: string;
  readonly summary: string;
  /** Null where it takes no value. */
  readonly value: Wanted | null;
}
export interface DescribedVerb {
  readonly name: string;
  readonly summary: string;
  /** By place. */
  readonly arguments: readonly Wanted[];
  readonly options: readonly DescribedOption[];
}

const everywhere: readonly DescribedOption[] = [
  { name: "--json", summary: "print one JSON document on stdout", value: null },
  { name: "--home", summary: "home folder", value: { kind: "folder" } },
  { name: "--help", summary: "show help", value: null },
];

export function describeVerb({ name, verb }: { name: string; verb: Verb }): DescribedVerb {
  const own = (verb.options ?? []).map(({ flags, summary }): DescribedOption => {
    const [, option = flags, placeholder] = /^(?:-\w, )?(--[\w-]+)(?: [<[](.+)[>\]])?$/.exec(flags) ?? [];
    return { name: option, summary, value: placeholder === undefined ? null : wanted(placeholder, { name, option }) };
  });
  return {
    name,
    summary: verb.summary,
    arguments: (verb.arguments ?? []).map(({ name: argument }) =>
      wanted(argument.slice(1, -1), { name, option: null }),
    ),
    options: [...own, ...everywhere],
  };
}

const wordsOf: Readonly<Record<string, readonly string[]>> = {
  profile: ["safe", "balanced", "aggressive"],
  priority: ["high", "normal", "low"],
  shell: ["bash", "zsh", "fish"],
};

/** By the placeholder that the help shows. */
function wanted(placeholder: string, place: { name: string; option: string | null }): Wanted {
  const words = Object.hasOwn(wordsOf, placeholder) ? wordsOf[placeholder] : undefined;
  if (words !== undefined) return { kind: "words", words };
  const of = idKinds.find((kind) => kind === `${placeholder}s`);
  if (of !== undefined) return { kind: "ids", of };
  if (place.option === "--repo" || (place.option === null && placeholder === "name" && place.name.startsWith("repo ")))
    return { kind: "ids", of: "repositories" };
  if (/^(dir|folder)$/.test(placeholder)) return { kind: "folder" };
  return /file|path|yaml/.test(placeholder) ? { kind: "file" } : { kind: "anything" };
}
