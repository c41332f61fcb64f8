// The worlds page: recipes and scenes, their settings, their maps and an editor. The address remembers it.

import type { App, View } from "../app";
import { h } from "../dom";
import { Worlds } from "./actions";
import { TOOLS } from "./brushes";
import { MapPanel } from "./map_panel";
import { Settings } from "./settings";
import { Shelf } from "./shelf";
import type { Choice, WorldsState } from "./state";

const TABS: readonly WorldsState["tab"][] = ["list", "settings", "map"];

export class WorldsPage implements View {
  readonly element: HTMLElement;
  private readonly worlds: Worlds;
  private parts: View[] = []; // made when the page is first shown
  private readonly tabs = new Map<string, HTMLButtonElement>();
  private remembered = "";

  constructor(
    private readonly app: App,
    private readonly root: HTMLElement,
  ) {
    this.worlds = new Worlds(app);
    for (const tab of TABS) this.tabs.set(tab, h("button", { onclick: () => this.worlds.change((state) => (state.tab = tab)) }, tab));
    const tabs = h("nav", { class: "worlds-tabs", "aria-label": "parts of the page" }, ...this.tabs.values());
    this.element = h("div", { class: "worlds" }, tabs);
    this.follow();
    window.addEventListener("hashchange", () => this.follow());
    window.addEventListener("keydown", (event) => this.key(event));
  }

  update(seconds: number): void {
    const { page, worlds } = this.app.state;
    this.root.dataset.page = page;
    this.remember();
    if (page !== "worlds") return;
    if (this.parts.length === 0) this.fill();
    if (this.app.state.isConnected) this.worlds.open(choiceIn(location.hash));
    this.element.dataset.tab = worlds.tab;
    for (const [tab, button] of this.tabs) button.setAttribute("aria-pressed", String(tab === worlds.tab));
    for (const part of this.parts) part.update(seconds);
  }

  private fill(): void {
    const parts = [new Shelf(this.worlds), new Settings(this.worlds), new MapPanel(this.app, this.worlds)];
    this.element.append(...parts.map((part) => part.element));
    this.parts = parts;
  }

  /** Goes to the page that the address names. */
  private follow(): void {
    const page = new URLSearchParams(location.hash.slice(1)).get("page");
    if (page === "worlds" || this.app.state.page === "worlds") this.app.change((state) => (state.page = page === "worlds" ? "worlds" : "watch"));
  }

  /** Keeps page and choice in the address; what others keep there stays. */
  private remember(): void {
    const { page, worlds } = this.app.state;
    const choice = page === "worlds" ? worlds.choice : null;
    const wanted = `${page}|${choice?.sort}|${choice?.name}`;
    if (wanted === this.remembered || (page === "worlds" && choice === null)) return;
    if (page === "watch" && this.remembered === "") return; // nothing of ours is there
    this.remembered = wanted;
    const hash = new URLSearchParams(location.hash.slice(1));
    for (const name of ["page", "recipe", "scene"]) hash.delete(name);
    if (page === "worlds") hash.set("page", "worlds");
    if (choice !== null) hash.set(choice.sort, choice.name);
    const text = hash.toString();
    history.replaceState(null, "", location.pathname + location.search + (text === "" ? "" : `#${text}`));
  }

  private key(event: KeyboardEvent): void {
    if (this.app.state.page !== "worlds" || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const tool = TOOLS.find((candidate) => candidate.key === key)?.tool;
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && !event.shiftKey) this.worlds.undo();
      else if (key === "y" || key === "z") this.worlds.redo();
      else return;
    } else if (tool !== undefined) this.worlds.change((state) => (state.tool = tool));
    else return;
    event.preventDefault();
  }
}

/** What an address asks for. */
export function choiceIn(hash: string): Choice | null {
  const asked = new URLSearchParams(hash.slice(1));
  const [recipe, scene] = [asked.get("recipe"), asked.get("scene")];
  if (recipe !== null) return { sort: "recipe", name: recipe, maker: null };
  return scene === null ? null : { sort: "scene", name: scene };
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "range";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
