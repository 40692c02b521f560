/** From when on a daemon that answers counts as stuck, at the terminal and on the status board. */

/** The age of the loop's last pass, in milliseconds. Much more than the loop's pause, which is at most 15 seconds. */
export const passAgeMsMax = 120_000;
