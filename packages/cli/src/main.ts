/**
 * The entry of the command line program. It checks the Node version before it imports anything large, and ends the process with the verb's exit code.
 *
 * Folder: the program's entry, the table of verbs, help pages.
 */
import { isPackaged, oldestNodeMajor } from "@aedev/host/product";

if (Number(process.versions.node.split(".")[0]) < oldestNodeMajor) {
  const fix = isPackaged ? "install a newer Node" : "start it with bin/aedev, which brings the right version";
  process.stderr.write(
    `aedev: this is Node ${process.versions.node}, and aedev needs Node ${oldestNodeMajor} or newer\n  fix: ${fix}\n`,
  );
  process.exitCode = 1;
} else {
  const [{ runProgram }, { processTerminal }, { processEntries }] = await Promise.all([
    import("./program.ts"),
    import("./terminal/process-terminal.ts"),
    import("./terminal/entries.ts"),
  ]);
  const exit = await runProgram(process.argv.slice(2), {
    environment: process.env,
    terminal: processTerminal(),
    entries: processEntries,
  });
  process.exit(exit);
}
