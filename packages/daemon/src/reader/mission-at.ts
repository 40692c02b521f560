/** Shows a mission as it was at an earlier position of the log, with the daemon up or down. Waits are as of that hour, prices as of today. */
import { Fault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { firstPosition, hideEventsAfter, type PastPlace } from "../log/past-log.ts";
import { openForReading } from "../log/sqlite/database.ts";
import { type HomeConfiguration, homeReader, type MissionReading } from "./home-reader.ts";
import { offlineOf } from "./open-offline.ts";

/** Throws a Fault `unknown-position`, or `unknown-mission` if there was no such mission then. `configurationAt`: gives the configuration at an instant. */
export async function missionAt(
  { home, missionId, position }: { home: string; missionId: string; position: number },
  configurationAt: (now: Date) => HomeConfiguration,
): Promise<MissionReading & { readonly place: PastPlace }> {
  const database = openForReading(homeLayout(home).log);
  let place: PastPlace;
  try {
    place = hideEventsAfter(database, position);
    const first = firstPosition(database, `mission/${missionId}`);
    if (first !== null && first > position)
      throw new Fault(
        "unknown-mission",
        `mission ${missionId} did not exist at position ${position}: it was submitted at ${first}`,
        {
          hint: `aedev mission show ${missionId} --at ${first}`,
        },
      );
  } catch (error) {
    database.close();
    throw error;
  }
  using reader = homeReader(offlineOf(home, database), configurationAt(new Date(place.recorded_at)));
  return { ...(await reader.mission(missionId)), place };
}
