/** Turns the recording of a demonstration on standard input into its picture: `node scripts/pictures.ts demo|attack > docs/pictures/<name>.svg`. */
import { homedir, networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { svgOf } from "./pictures/svg.ts";
import { excerpt, linesOf, normalized, type Part } from "./pictures/transcript.ts";

const sizeBytesMax = 60_000;

interface Picture {
  readonly title: string;
  readonly command: string;
  readonly parts: readonly Part[];
}
const pictures: Readonly<Record<string, Picture>> = {
  demo: {
    title:
      "The demonstration: one change lands, a cheat is held, one is approved on the phone. The models' answers and the phone are fakes.",
    command: "./scripts/demo",
    parts: [
      { from: /^demo: SCRIPTED/, to: /^SCRIPTED/ },
      { from: /^events verify/, to: /^demo: the daemon has stopped/ },
    ],
  },
  attack: {
    title:
      "The attack: attempts from inside a live sandbox, each with its refusal. What the coder tries is scripted; what refuses it is real.",
    command: "aedev demo --attack",
    parts: [
      { from: /^SCRIPTED/, to: /^ {2}\S+ {2}the cloud's metadata/ },
      { from: /^credentials$/, linesMax: 4 },
      { from: / {2}in the environment of every process$/, to: /^the host$/ },
      { from: /^gateway$/, linesMax: 12 },
      { from: /^evidence$/, to: /^log and evidence$/ },
      { from: / {2}a byte in an evidence blob$/, to: / {2}events deleted$/ },
      { from: /the log's last events deleted/, to: /^the gateway refused/ },
      { from: /attempts stopped/, to: /^demo: / },
    ],
  },
};

/** Texts that are specific to this machine. */
function machineOwn(): [RegExp, string][] {
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).flatMap(({ address, internal, family }) => (internal || family !== "IPv4" ? [] : [address])),
  );
  return [
    [/\/\S*\/aedev-demo-\w+/g, "/tmp/aedev-demo"],
    [new RegExp(literal(root), "g"), "~/aedev"],
    [new RegExp(`${literal(homedir())}(?=/)`, "g"), "~"],
    ...addresses.map((address): [RegExp, string] => [new RegExp(literal(address), "g"), "192.0.2.1"]),
  ];
}

const name = process.argv[2] ?? "";
const picture = pictures[name];
if (picture === undefined) throw new Error(`pictures: one of ${Object.keys(pictures).join(", ")}`);
const lines = normalized(linesOf((await text(process.stdin)).trimEnd()), machineOwn());
const svg = svgOf(excerpt(lines, picture.parts), picture);
if (Buffer.byteLength(svg) > sizeBytesMax) throw new Error(`pictures: ${name} has more than ${sizeBytesMax} bytes`);
process.stdout.write(svg);
