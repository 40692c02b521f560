/** What a person must know before anything else: the daemon is gone, work is paused, the log is not trusted, messages were lost. */
import { asOf, isDown, status } from "../api/live.ts";
import { localTime, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function Notices() {
  const { demo, daemonDown, daemonHelp, untrusted, paused, pausedHelp, repositoryPaused, undelivered } = texts.value;
  const current = status.value;
  return (
    <div aria-live="polite" class="rows">
      {current?.demo === true && <div class="notice warn">{demo}</div>}
      {isDown.value && (
        <div class="notice bad">
          {daemonDown(localTime(asOf.value ?? ""))}
          <code>{daemonHelp}</code>
        </div>
      )}
      {current?.untrusted != null && (
        <div class="notice bad">
          {untrusted}
          {current.untrusted.reasons.map((reason) => (
            <span key={reason}>{visible(reason)}</span>
          ))}
          <code>{current.untrusted.help}</code>
        </div>
      )}
      {current?.paused !== undefined && (
        <div class="notice warn">
          {paused}
          <code>{pausedHelp}</code>
        </div>
      )}
      {current?.paused_repositories?.map(({ name }) => (
        <div class="notice warn" key={name}>
          {repositoryPaused(name)}
        </div>
      ))}
      {(current?.undelivered ?? 0) > 0 && <div class="notice warn">{undelivered(current?.undelivered ?? 0)}</div>}
    </div>
  );
}
