/** Keys that are commands of a page. */
import { useEffect } from "preact/hooks";

/** Calls the handler of the pressed key. A key that a person holds down, types into a field, or presses with a modifier, is no command. */
export function useKeys(handlers: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey, repeat, defaultPrevented } = event;
      if (repeat || ctrlKey || metaKey || altKey || defaultPrevented || isTyping(target)) return;
      const handler = Object.hasOwn(handlers, key) ? handlers[key] : undefined;
      if (handler === undefined) return;
      // Otherwise the key is typed into the field that it opens.
      event.preventDefault();
      handler();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName);
}
