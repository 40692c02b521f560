/** Loads every file that the daemon reads when it starts, and collects their problems. It starts and changes nothing. */
import { Fault, isFault } from "@aedev/contracts";
import { type HomeOptions, loadConfiguration } from "./load-configuration.ts";
import { type LoadedPolicy, loadPolicy } from "./load-policy.ts";
import { loadPrices } from "./load-prices.ts";

export interface ConfigurationCheck {
  /** Null if the policy does not load. */
  readonly policy: LoadedPolicy | null;
  /** One Fault `config-invalid` for each document that does not load: each line of its message is a problem, its hint names the file. */
  readonly faults: readonly Fault[];
}

/** Checks the operator's three files over the shipped ones, and the environment. */
export function checkFiles(options: HomeOptions): ConfigurationCheck {
  const faults: Fault[] = [];
  const attempt = <T>(load: () => T): T | null => {
    try {
      return load();
    } catch (error) {
      if (!isFault(error, "config-invalid")) throw error;
      faults.push(error);
      return null;
    }
  };
  attempt(() => loadConfiguration(options));
  const policy = attempt(() => loadPolicy({ home: options.home }));
  attempt(() => loadPrices(options));
  return { policy, faults };
}

/** Throws a Fault `config-invalid` with every problem if the daemon could not start with these files. */
export function requireValidFiles(options: HomeOptions): void {
  const { faults } = checkFiles(options);
  const [first] = faults;
  if (first === undefined) return;
  const message = faults.map((fault) => fault.message).join("\n");
  throw new Fault("config-invalid", message, first.hint === undefined ? {} : { hint: first.hint });
}
