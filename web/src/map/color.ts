// Colours as numbers.

import type { Color } from "./draw_list";

/** "#rrggbb" as red, green, blue and alpha, each 0..1; black for what is no colour. */
export function fromHex(hex: string, alpha = 1): Color {
  const number = /^#[0-9a-f]{6}$/i.test(hex) ? parseInt(hex.slice(1), 16) : 0;
  return [((number >> 16) & 255) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255, alpha];
}
