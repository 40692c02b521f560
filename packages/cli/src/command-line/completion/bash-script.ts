/**
 * The completion script for bash, which zsh also runs through its own bashcompinit. It uses only bash 3.2, and never puts text of a mission where a
 * shell could run it.
 *
 * Folder: shell completion scripts, and what they complete for each verb.
 */
import { shellWord } from "@aedev/contracts";
import type { DescribedVerb, Wanted } from "./described-verbs.ts";

const body = `
_aedev_ids() {
  local home=() at
  for ((at = 1; at + 1 < \${#COMP_WORDS[@]}; at++)); do
    if [ "\${COMP_WORDS[at]}" = --home ]; then home=(--home "\${COMP_WORDS[at + 1]}"); fi
  done
  "\${COMP_WORDS[0]}" completion "$1" \${home[@]+"\${home[@]}"} 2>/dev/null | cut -f 1
}
_aedev() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" first= second= verb= place=0 at word words=
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    case "$word" in
      --home | --token-file) at=$((at + 1)) ;;
      -*) ;;
      *)
        if [ -z "$first" ]; then first="$word"
        elif [ -z "$second" ]; then second="$word"
        fi
        place=$((place + 1)) ;;
    esac
  done
  COMPREPLY=()
  _aedev_verb "$first" "$second"
  if [ -z "$verb" ]; then words="$(_aedev_verbs "$first")"
  else
    case "$verb" in *' '*) place=$((place - 2)) ;; *) place=$((place - 1)) ;; esac
    _aedev_place
    # A verb that is a group too: \`events\` and \`events verify\`.
    if [ -z "$words$second" ] && [ "$place" = 0 ]; then words="$(_aedev_verbs "$first")"; fi
  fi
  case "$words" in
    '<file>') COMPREPLY=($(compgen -f -- "$cur")) ;;
    '<folder>') COMPREPLY=($(compgen -d -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
}
complete -F _aedev aedev
`;

export function bashScript(verbs: readonly DescribedVerb[]): string {
  return `# Completion of aedev for bash. In ~/.bashrc: eval "$(aedev completion bash)"\n${functions(verbs)}`;
}

export function zshScript(verbs: readonly DescribedVerb[]): string {
  const load = "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";
  return `# Completion of aedev for zsh. In ~/.zshrc: eval "$(aedev completion zsh)"\n${load}${functions(verbs)}`;
}

function functions(verbs: readonly DescribedVerb[]): string {
  const groups = new Map<string, string[]>([["", []]]);
  for (const { name } of verbs) {
    const [first = "", second] = name.split(" ");
    const top = groups.get("") ?? [];
    if (!top.includes(first)) top.push(first);
    if (second !== undefined) groups.set(first, [...(groups.get(first) ?? []), second]);
  }
  const verbCases = verbs.map(
    ({ name }) =>
      `    ${name.includes(" ") ? shellWord(name) : `${shellWord(`${name} `)}*`}) verb=${shellWord(name)} ;;`,
  );
  return [
    // Verbs of two words are matched before verbs of one: \`events verify\` is not \`events\`.
    `_aedev_verb() {\n  case "$1 $2" in\n${verbCases.toSorted(twoWordsFirst).join("\n")}\n  esac\n}`,
    `_aedev_verbs() {\n  case "$1" in\n${[...groups].map(([first, words]) => `    ${shellWord(first)}) echo ${shellWord(words.join(" "))} ;;`).join("\n")}\n  esac\n}`,
    `_aedev_place() {\n  case "$verb $before" in\n${verbs.flatMap(valueCases).join("\n")}\n  esac\n  case "$cur" in\n    -*)\n      case "$verb" in\n${verbs.map(optionCase).join("\n")}\n      esac\n      return ;;\n  esac\n  case "$verb $place" in\n${verbs.flatMap(argumentCases).join("\n")}\n  esac\n}`,
    body.trim(),
    "",
  ].join("\n");
}

function twoWordsFirst(left: string, right: string): number {
  return Number(left.includes(" '*)")) - Number(right.includes(" '*)"));
}

function valueCases({ name, options }: DescribedVerb): string[] {
  return options.flatMap(({ name: option, value }) =>
    value === null ? [] : [`    ${shellWord(`${name} ${option}`)}) ${assignment(value)}; return ;;`],
  );
}

function optionCase({ name, options }: DescribedVerb): string {
  return `        ${shellWord(name)}) words=${shellWord(options.map((option) => option.name).join(" "))} ;;`;
}

function argumentCases({ name, arguments: places }: DescribedVerb): string[] {
  return places.flatMap((value, place) =>
    value.kind === "anything" ? [] : [`    ${shellWord(`${name} ${place}`)}) ${assignment(value)} ;;`],
  );
}

function assignment(value: Wanted): string {
  switch (value.kind) {
    case "ids":
      return `words="$(_aedev_ids ${value.of})"`;
    case "words":
      return `words=${shellWord(value.words.join(" "))}`;
    case "anything":
      return "words=' '";
    case "file":
    case "folder":
      return `words='<${value.kind}>'`;
  }
}
