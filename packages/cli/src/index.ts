/** The command line face: one verb, one file. Other packages don't import it; tests and the demo run it as a person does. */
export { runProgram } from "./program.ts";
