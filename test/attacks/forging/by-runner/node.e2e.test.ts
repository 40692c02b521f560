import { measureCases } from "../support/measure-cases.ts";
import { casesOf } from "../support/read-cases.ts";

measureCases(casesOf("node"));
