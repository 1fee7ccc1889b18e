// The few words that scripts need by themselves. A component takes its own words from attributes that its page filled
// with translations; these are for what no page knows beforehand.
const texts = {
  close: ["Fermer", "Close"],
  offline: [
    "La connexion est coupée. Rien n’est perdu\u00a0: réessayez quand elle revient.",
    "The connection is down. Nothing is lost: try again when it is back.",
  ],
  unknown: ["Quelque chose s’est mal passé. Réessayez dans un instant.", "Something went wrong. Try again in a moment."],
  secondsLeft: ["encore {n}\u00a0s", "{n}\u00a0s left"],
  minutesLeft: ["encore {n}\u00a0min", "{n}\u00a0min left"],
  hoursLeft: ["encore {n}\u00a0h", "{n}\u00a0h left"],
  of: ["{part} sur {whole}", "{part} of {whole}"],
} as const;

export const french = document.documentElement.lang !== "en";

export function text(name: keyof typeof texts, values: Record<string, string | number> = {}): string {
  const words: string = texts[name][french ? 0 : 1];
  return words.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}
