/** `aedev repo add` commands that can be pasted: quoted for a shell, with everything that the person gave. */
import { shellWord } from "@aedev/contracts";
import type { Given, Settings } from "./given.ts";

type AddCommand = Pick<Given, "source"> &
  Partial<Pick<Given, "name" | "profile" | "allowWrites" | "landing" | "base" | "commitTemplate" | "branchPrefix">> & {
    readonly settings?: Partial<Settings>;
  };

/** An absent setting gets no flag; an empty setting gets a flag that clears it. More flags can be appended. */
export function addCommand({ source, name, settings = {}, allowWrites, ...other }: AddCommand): string {
  const { profile, landing, base, commitTemplate, branchPrefix } = other;
  const { folder, prepare, build, inputs, outputs, verify = [], tests = [], writable, image, mutation_time } = settings;
  const flags: readonly (readonly [string, string | null | undefined])[] = [
    ["--path", folder],
    ["--name", name],
    ["--prepare", prepare],
    ["--build", build],
    ["--inputs", inputs?.join(",")],
    ["--outputs", outputs?.join(",")],
    ...verify.map((command) => ["--verify", command] as const),
    ...tests.map((glob) => ["--tests", glob] as const),
    ["--writable", writable?.join(",")],
    ["--image", image],
    ["--mutation-time", mutation_time],
    ["--profile", profile],
    ["--landing", landing],
    ["--base", base],
    ["--branch-prefix", branchPrefix],
    ["--commit-template", commitTemplate?.replaceAll("\n", "\\n")],
  ];
  const given = flags.flatMap(([flag, value]) => (value == null ? [] : [`${flag} ${shellWord(value)}`]));
  const { submodules } = settings;
  const fetched = submodules === undefined ? [] : [submodules.length > 0 ? "--submodules" : "--no-submodules"];
  const writes = allowWrites === undefined ? [] : [allowWrites ? "--allow-writes" : "--no-allow-writes"];
  return ["aedev repo add", shellWord(source), ...given, ...fetched, ...writes].join(" ");
}
