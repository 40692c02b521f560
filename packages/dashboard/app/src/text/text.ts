/** The language of the app: the browser's at first, then what the person chose. */
import { computed, effect, signal } from "@preact/signals";
import { en, type Texts } from "./en.ts";
import { zh } from "./zh.ts";

/** Another language is one file and one line here. */
const languages = { en, zh } as const satisfies Readonly<Record<string, Texts>>;
type Language = keyof typeof languages;

const key = "aedev.language";
const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text);
const usual = navigator.language.slice(0, 2);
const stored = localStorage.getItem(key) ?? usual;

export const language = signal<Language>(isLanguage(stored) ? stored : "en");
export const texts = computed<Texts>(() => languages[language.value]);

effect(() => {
  document.documentElement.lang = language.value;
});

/** Changes to the next language and remembers it. */
export function nextLanguage(): void {
  const names = Object.keys(languages).filter(isLanguage);
  language.value = names[(names.indexOf(language.value) + 1) % names.length] ?? "en";
  localStorage.setItem(key, language.value);
}
