/** Flags of every Node process of aedev. bin/aedev has them, too, since it starts the first. */

/** Where the processor protects pages by keys, V8 loses track of pages of WebAssembly code and ends the process: "jit_page.has_value()". */
export const nodeFlags: readonly string[] = ["--no-memory-protection-keys"];
