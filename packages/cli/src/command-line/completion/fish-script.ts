/** The completion script for fish: one `complete` line for each verb, option and argument. */
import type { DescribedVerb, Wanted } from "./described-verbs.ts";

const head = `# Completion of aedev for fish. In ~/.config/fish/config.fish: aedev completion fish | source
function __aedev_words
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- "$word" --home --token-file
            set skip 1
        else if not string match -q -- '-*' "$word"
            echo "$word"
        end
    end
end
function __aedev_is
    set -l words (__aedev_words)
    set -l count (count $argv)
    test (count $words) -ge $count; and test "$words[1..$count]" = "$argv"
end
function __aedev_at
    set -l words (__aedev_words)
    test (count $words) -eq $argv[1]; and test "$words[1..-1]" = "$argv[2..-1]" -o $argv[1] -eq 0
end
complete -c aedev -f
`;

export function fishScript(verbs: readonly DescribedVerb[]): string {
  const lines = verbs.flatMap((verb) => [verbLine(verb), ...optionLines(verb), ...argumentLine(verb)]);
  return `${head}${[...new Set(lines)].join("\n")}\n`;
}

function verbLine({ name, summary }: DescribedVerb): string {
  const [first = "", second] = name.split(" ");
  if (second === undefined) return `complete -c aedev -n '__aedev_at 0' -a ${quoted(first)} -d ${quoted(summary)}`;
  return [
    `complete -c aedev -n '__aedev_at 0' -a ${quoted(first)}`,
    `complete -c aedev -n ${quoted(`__aedev_at 1 ${first}`)} -a ${quoted(second)} -d ${quoted(summary)}`,
  ].join("\n");
}

function optionLines({ name, options }: DescribedVerb): string[] {
  return options.map(({ name: option, summary, value }) =>
    `complete -c aedev -n ${quoted(`__aedev_is ${name}`)} -l ${option.slice(2)} -d ${quoted(summary)}${value === null ? "" : ` ${value.kind === "file" ? "-r" : "-x"} ${wantedFlags(value)}`}`.trimEnd(),
  );
}

/** Fish offers only a verb's first argument; no verb has a second one that can be completed. */
function argumentLine({ name, arguments: [value] }: DescribedVerb): string[] {
  const at = quoted(`__aedev_at ${name.split(" ").length} ${name}`);
  return value === undefined || value.kind === "anything" ? [] : [`complete -c aedev -n ${at} ${wantedFlags(value)}`];
}

function wantedFlags(value: Wanted): string {
  switch (value.kind) {
    case "ids":
      return `-a '(aedev completion ${value.of} 2>/dev/null)'`;
    case "words":
      return `-a ${quoted(value.words.join(" "))}`;
    case "file":
      return "-F";
    case "folder":
      return "-a '(__fish_complete_directories)'";
    case "anything":
      return "";
  }
}

/** A single-quoted text; fish knows two escapes in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
