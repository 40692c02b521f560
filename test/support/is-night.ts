/** True if the longer tests run too: `./scripts/test --night`. */
export const isNight = process.env.AEDEV_NIGHT === "1";
