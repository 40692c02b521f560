/** The judgement plane, as the others see it: how it is started. All else goes over its channel. */
export { judgementEntry, judgementExecArguments } from "./exec-arguments.ts";
