/** Parses untrusted TOML without throwing. Only this file uses the TOML library. It checks no shape; the caller's schema does. */
import { parse, TomlError } from "smol-toml";

/** No real manifest nests deeper. */
const depthMax = 100;

/** The document; undefined if it is not TOML. */
export function parseToml(text: string): unknown {
  try {
    return parse(text, { maxDepth: depthMax });
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}
