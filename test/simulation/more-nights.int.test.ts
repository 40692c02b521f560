/** The second half of the simulated nights, beside the first. */
import { describeNights, nightsOfHalf } from "./describe-nights.ts";

describeNights(1 + nightsOfHalf);
