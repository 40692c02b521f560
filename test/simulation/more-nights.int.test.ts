/** The second half of the simulated nights, concurrently with the first; by night only. */
import { describeNights, nightsOfHalf } from "./describe-nights.ts";

describeNights(1 + nightsOfHalf);
