/** The configuration over HTTP, for reading: the files are changed by commands. */
import { describeConfiguration } from "../../configuration/describe-configuration.ts";
import type { Home } from "../../control/parts.ts";
import type { Handlers } from "./handler.ts";

export function configurationRoutes({ home }: Home) {
  return {
    async showConfiguration() {
      const keys = describeConfiguration({ home, environment: process.env });
      return {
        keys: keys.map(({ key, value, source, variable }) => ({
          ...{ key, source, variable },
          value: JSON.stringify(value),
          change: `aedev config set ${key} VALUE`,
        })),
      };
    },
  } satisfies Partial<Handlers>;
}
