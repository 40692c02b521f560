/** Gives every property of a run the same seed, so that a passed suite passes again. At night the seed is new, and a counterexample names it. */
import fc from "fast-check";

fc.configureGlobal(process.env.AEDEV_NIGHT === "1" ? {} : { seed: 20_261_120 });
