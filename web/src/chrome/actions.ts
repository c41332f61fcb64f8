// Buttons at the end of the top bar: share, settings, full screen, help.

import type { App, View } from "../app";
import { h } from "../dom";
import { icon, type IconName } from "../icons";
import type { Theme } from "../state";
import { PALETTES, THEMES } from "./settings";
import { linkTo } from "./share";

export class Actions implements View {
  readonly element = h("nav", { class: "actions", "aria-label": "page" });
  private readonly menu: HTMLElement;
  private readonly theme = choice("Theme", THEMES.map(({ theme, title }) => [theme, title]));
  private readonly palette = choice("Sprites", PALETTES.map(({ palette, title }) => [palette, title]));
  private readonly settings: HTMLButtonElement;
  private isOpen = false;

  constructor(private readonly app: App) {
    this.theme.addEventListener("change", () => app.change((state) => (state.theme = this.theme.value as Theme)));
    this.palette.addEventListener("change", () => app.change((state) => (state.palette = this.palette.value)));
    const field = (label: string, input: HTMLElement) => h("label", { class: "field" }, h("span", {}, label), input);
    this.menu = h("div", { class: "menu", hidden: true }, field("Theme", this.theme), field("Sprites", this.palette));
    this.settings = this.button("settings", "Settings", () => this.toggle(!this.isOpen));
    this.element.append(
      this.button("share", "Copy a link to what is shown", () => void share(app)),
      this.settings,
      this.button("fullscreen", "Full screen", () => void toggleFullscreen(app)),
      this.button("help", "Keys (?)", () => app.change((state) => (state.isHelpOpen = true))),
      this.menu,
    );
    document.addEventListener("pointerdown", (event) => {
      if (this.isOpen && !this.element.contains(event.target as Node)) this.toggle(false);
    });
  }

  update(): void {
    this.menu.hidden = !this.isOpen;
    this.settings.setAttribute("aria-expanded", String(this.isOpen));
    this.theme.value = this.app.state.theme;
    this.palette.value = this.app.state.palette;
  }

  private toggle(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.app.draw();
  }

  private button(name: IconName, title: string, onclick: () => void): HTMLButtonElement {
    return h("button", { class: "quiet", title, "aria-label": title, onclick }, icon(name));
  }
}

/** Puts a link into the address and, where the browser allows it, onto the clipboard. */
async function share(app: App): Promise<void> {
  const link = linkTo(app.state, location);
  history.replaceState(null, "", link);
  const isCopied = await navigator.clipboard?.writeText(link).then(
    () => true,
    () => false,
  );
  app.report(isCopied === true ? "The link is on the clipboard." : "The link is in the address bar.");
}

async function toggleFullscreen(app: App): Promise<void> {
  try {
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
  } catch {
    app.report("This browser does not allow full screen here.");
  }
}

function choice(label: string, options: [string, string][]): HTMLSelectElement {
  return h("select", { "aria-label": label }, ...options.map(([value, title]) => h("option", { value }, title)));
}
