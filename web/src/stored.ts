// What the browser keeps between visits. A browser that keeps nothing is no mistake.

/** What was kept under a name, if `isValid` says that it can be used; `otherwise` if not. */
export function recall<T>(name: string, isValid: (value: unknown) => value is T, otherwise: T): T {
  try {
    const text = localStorage.getItem(`mettascope.${name}`);
    const value: unknown = text === null ? null : JSON.parse(text);
    return isValid(value) ? value : otherwise;
  } catch {
    return otherwise; // no storage, or not written by this page
  }
}

/** Keeps a value under a name. */
export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`mettascope.${name}`, JSON.stringify(value));
  } catch {
    // a private window keeps nothing
  }
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
