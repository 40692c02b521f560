/** Finds flows: those that aedev brings, a person's own in the home, and those of the checkout around the current folder. */
import { readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { escapeLine, Fault, isFault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import { type Flow, flowNameSchema, parseFlow } from "./flow.ts";
import { topOf } from "./meant-repository.ts";
import { readIntakeFile } from "./missions-file.ts";

export interface FoundFlow {
  /** What `aedev flow run` takes: a name, or the path of a checkout's flow. */
  readonly name: string;
  readonly from: "aedev" | "home" | "checkout";
  readonly path: string;
  /** Its flow, or why it can't be used. */
  readonly flow: Flow | string;
}

const ending = ".yaml";

/** A home's flow stands in place of aedev's with its name. `folder`: the current folder. */
export function findFlows(home: string, folder: string): readonly FoundFlow[] {
  const own = flowsIn(homeLayout(home).flows, "home");
  const top = topOf(folder);
  const here = top === undefined ? [] : flowsIn(join(top, ".aedev", "flows"), "checkout");
  const shipped = flowsIn(join(productRoot, "config", "flows"), "aedev");
  return [
    ...shipped.filter(({ name }) => !own.some((other) => other.name === name)),
    ...own,
    ...here.map((flow) => ({ ...flow, name: relative(folder, flow.path) })),
  ];
}

/** The flow with this name, or in the file at this path. Throws a fault if it can't be used. */
export function findFlow(home: string, { name, folder }: { name: string; folder: string }): Flow {
  if (name.includes("/") || name.endsWith(ending)) return parseFlow(readIntakeFile(name), name);
  const all = findFlows(home, folder);
  const found = all.find((flow) => flow.name === name);
  if (found === undefined) {
    const names = all.map((flow) => flow.name).join(", ");
    throw new Fault("unknown-flow", `there is no flow ${escapeLine(name, 60)}; there are: ${names}`, {
      hint: "aedev flow list",
    });
  }
  return parseFlow(readIntakeFile(found.path), found.path);
}

function flowsIn(folder: string, from: FoundFlow["from"]): FoundFlow[] {
  const names = filesIn(folder)
    .filter((file) => file.endsWith(ending))
    .toSorted();
  return names.flatMap((file) => {
    const name = basename(file, ending);
    const path = join(folder, file);
    return flowNameSchema.safeParse(name).success ? [{ name, from, path, flow: read(path) }] : [];
  });
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}

function read(path: string): Flow | string {
  try {
    return parseFlow(readIntakeFile(path), path);
  } catch (error) {
    if (isFault(error)) return error.message;
    throw error;
  }
}
