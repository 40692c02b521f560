/** Finds files of the home that people edit and that can't be read now. The daemon continues with what it read before, so a person must be told. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { isFault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import type { HomeOptions } from "./load-configuration.ts";

/** Their names, such as `config.yaml`. A file is read again only after it has changed. */
export function openUnreadFiles(options: HomeOptions): () => Promise<readonly string[]> {
  const { configuration, policies, prices } = homeLayout(options.home);
  const loads = [
    {
      file: configuration,
      load: async () => (await import("./load-configuration.ts")).loadConfiguration(options),
    },
    { file: policies, load: async () => (await import("./load-policy.ts")).loadPolicy({ home: options.home }) },
    { file: prices, load: async () => (await import("./load-prices.ts")).loadPrices(options) },
  ];
  const known = new Map<string, { readonly stamp: string; readonly isUnread: boolean }>();
  return async () => {
    const unread: string[] = [];
    for (const { file, load } of loads) {
      const stamp = stampOf(file);
      let read = known.get(file);
      if (read?.stamp !== stamp) {
        read = { stamp, isUnread: await failsToLoad(file, load) };
        known.set(file, read);
      }
      if (read.isUnread) unread.push(basename(file));
    }
    return unread;
  };
}

/** An empty file needs no parser, which would have to be loaded. */
async function failsToLoad(file: string, load: () => Promise<unknown>): Promise<boolean> {
  try {
    if (!existsSync(file) || isEmpty(readFileSync(file, "utf8"))) return false;
    await load();
    return false;
  } catch (error) {
    if (isFault(error, "config-invalid") || (error instanceof Error && "syscall" in error)) return true;
    throw error;
  }
}

function isEmpty(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(#.*)?$/.test(line));
}

/** A text that changes whenever the file does. */
export function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "-" : `${stat.mtimeMs}/${stat.size}`;
}
