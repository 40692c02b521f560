/** Runs two cases by day; the others run by night, runner by runner. */
import { measureCases } from "./support/measure-cases.ts";
import { readCases } from "./support/read-cases.ts";
import { readExpected } from "./support/read-expected.ts";

const { sample } = readExpected();
measureCases(readCases().filter(({ id }) => sample.includes(id)));
