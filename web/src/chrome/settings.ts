// What a person likes: theme, palette of sprites, open panels. Kept in the browser.

import type { App, View } from "../app";
import { isTexts, keep, recall } from "../stored";
import type { Theme } from "../state";

export const THEMES: readonly { theme: Theme; title: string }[] = [
  { theme: "auto", title: "As the system" },
  { theme: "light", title: "Light" },
  { theme: "dark", title: "Dark" },
  { theme: "contrast", title: "High contrast" },
];

export const PALETTES: readonly { palette: string; title: string }[] = [
  { palette: "auto", title: "As the theme" },
  { palette: "light", title: "Light" },
  { palette: "dark", title: "Dark" },
  { palette: "contrast", title: "High contrast" },
  { palette: "colorblind", title: "Safe for colour-blind people" },
];

const DARK = "(prefers-color-scheme: dark)";
const CONTRAST = "(prefers-contrast: more)";

/** The palette of sprites that is drawn: the chosen one, or the one that goes with the theme. */
export function paletteOf(theme: Theme, palette: string, isDark: boolean): string {
  if (palette !== "auto") return palette;
  if (theme === "auto") return isDark ? "dark" : "light";
  return theme;
}

/** Puts the settings into the page, and keeps them. */
export class Settings implements View {
  private kept = "";
  private readonly dark = matches(DARK);
  private readonly contrast = matches(CONTRAST);

  constructor(private readonly app: App) {
    const { state } = app;
    state.theme = recall("theme", isTheme, state.theme);
    state.palette = recall("palette", isPalette, state.palette);
    state.openPanels = recall("panels", isTexts, state.openPanels);
    for (const query of [this.dark, this.contrast]) query?.addEventListener("change", () => app.draw());
  }

  update(): void {
    const { state, maps } = this.app;
    const isDark = this.dark?.matches ?? false;
    const theme = state.theme === "auto" && (this.contrast?.matches ?? false) ? "contrast" : state.theme;
    const { dataset } = document.documentElement;
    if (theme === "auto") delete dataset.theme;
    else dataset.theme = theme;
    dataset.ui = state.isUiHidden ? "hidden" : "shown";
    const palette = paletteOf(theme, state.palette, isDark);
    for (const map of maps.values()) map.usePalette(palette);
    this.keepChanged();
  }

  private keepChanged(): void {
    const { theme, palette, openPanels } = this.app.state;
    const now = JSON.stringify([theme, palette, openPanels]);
    if (now === this.kept) return;
    if (this.kept !== "") {
      keep("theme", theme);
      keep("palette", palette);
      keep("panels", openPanels);
    }
    this.kept = now;
  }
}

function matches(query: string): MediaQueryList | null {
  return typeof matchMedia === "function" ? matchMedia(query) : null;
}

function isTheme(value: unknown): value is Theme {
  return THEMES.some(({ theme }) => theme === value);
}

function isPalette(value: unknown): value is string {
  return PALETTES.some(({ palette }) => palette === value);
}
