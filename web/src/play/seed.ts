// Seeds as people type them.

/** A seed as people type it; throws Error if it is none. */
export function readSeed(text: string): number {
  const trimmed = text.trim();
  const seed = Number(trimmed);
  if (!/^\d+$/.test(trimmed) || !Number.isSafeInteger(seed)) throw new Error(`a seed is a whole number from 0 on, not "${trimmed}"`);
  return seed;
}
