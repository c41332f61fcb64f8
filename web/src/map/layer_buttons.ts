// Which layers are drawn: a row of buttons over the map, and a key for each.

import type { App, View } from "../app";
import { h } from "../dom";
import type { World } from "../feed/world";
import type { Layers } from "../state";

export interface LayerToggle {
  layer: keyof Layers;
  key: string;
  title: string;
  isUseful?(world: World): boolean; // left out = always
}

export const LAYER_TOGGLES: readonly LayerToggle[] = [
  { layer: "grid", key: "g", title: "Grid" },
  { layer: "vision", key: "v", title: "Sight of the selected agent" },
  { layer: "fog", key: "o", title: "Fog over what it cannot see" },
  { layer: "heat", key: "h", title: "Heat: where agents have been" },
  { layer: "footprints", key: "p", title: "Footprints of the selected agent" },
  { layer: "future", key: "u", title: "Where it will go" },
  { layer: "kinship", key: "k", title: "Links to kin", isUseful: (world) => world.hasKinship },
  { layer: "gifts", key: "j", title: "Who gave to and took from whom" },
];

/** Shows a layer, or hides it. */
export function toggleLayer(app: App, layer: keyof Layers): void {
  app.change((state) => (state.layers[layer] = !state.layers[layer]));
}

export class LayerButtons implements View {
  readonly element = h("div", { class: "layer-buttons", role: "toolbar", "aria-label": "layers" });
  private readonly buttons: [LayerToggle, HTMLButtonElement][] = [];

  constructor(private readonly app: App) {
    for (const toggle of LAYER_TOGGLES) {
      const { layer, key, title } = toggle;
      const label = `${title} (${key.toUpperCase()})`;
      const button = h("button", { title: label, onclick: () => toggleLayer(app, layer) }, layer);
      this.buttons.push([toggle, button]);
      this.element.append(button);
    }
  }

  update(): void {
    const world = this.app.world;
    for (const [{ layer, isUseful }, button] of this.buttons) {
      button.setAttribute("aria-pressed", String(this.app.state.layers[layer]));
      button.hidden = world !== null && isUseful?.(world) === false;
    }
  }
}
