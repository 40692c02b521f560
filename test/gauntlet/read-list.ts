/** Reads the list of the gauntlet's repositories. Throws on anything unknown, so that no row is silently left out. */
import { parse } from "yaml";

const kinds = ["node", "python", "go", "rust", "java", "ruby", "php"] as const;
type Kind = (typeof kinds)[number];

export interface Listed {
  readonly name: string;
  readonly address: string;
  readonly commit: string;
  readonly licence: string;
  readonly kind: Kind;
  /** `build`: detection was built on it. `check`: kept unopened until the end. */
  readonly half: "build" | "check";
  /** The documented commands for an ordinary container; the first may use the network. */
  readonly install: string;
  readonly test: string;
}

const keys = ["address", "commit", "licence", "kind", "half", "install", "test"];

export function readList(text: string): Listed[] {
  const rows: unknown = parse(text);
  if (!Array.isArray(rows)) throw new Error("the list is not a list");
  const listed = rows.map(readRow);
  const twice = listed.find(({ address }, at) => listed.findIndex((other) => other.address === address) !== at);
  if (twice !== undefined) throw new Error(`${twice.address} is listed twice`);
  return listed;
}

function readRow(row: Readonly<Record<string, unknown>>): Listed {
  const text = (key: string) => {
    const value = row[key];
    if (typeof value !== "string" || value === "") throw new Error(`${String(row["address"])}: ${key} is not a text`);
    return value;
  };
  const strange = Object.keys(row).find((key) => !keys.includes(key));
  if (strange !== undefined) throw new Error(`${text("address")}: ${strange} is not known`);
  const [address, commit] = [text("address"), text("commit")];
  const name = /^https:\/\/github\.com\/[\w.-]+\/([\w.-]+)$/u.exec(address)?.[1];
  if (name === undefined) throw new Error(`${address} is not an address of GitHub`);
  if (!/^[0-9a-f]{40}$/u.test(commit)) throw new Error(`${address}: ${commit} is not a commit`);
  const kind = kinds.find((known) => known === row["kind"]);
  if (kind === undefined) throw new Error(`${address}: kind is not one of ${kinds.join(", ")}`);
  const half = text("half");
  if (half !== "build" && half !== "check") throw new Error(`${address}: half is build or check`);
  return { name, address, commit, licence: text("licence"), kind, half, install: text("install"), test: text("test") };
}
