// What happened in the step that led to this tick: blows, gifts, thefts, hearts, births and deaths flash.

import type { World, WorldEvent } from "../../feed/world";
import { WHAT } from "../../feed/world";
import type { DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";
import { isVisible, visibleCells } from "../visible";

const BEAM_HEIGHT = 0.6; // in cells
const LEAST_REWARD = 1000; // thousandths; smaller ones do not flash

const shown = new WeakMap<readonly WorldEvent[], WorldEvent[]>(); // of the events of a step, those that are drawn

export const drawEvents: Layer = (scene, list) => {
  const { world } = scene;
  const cells = visibleCells(scene);
  const events = shown.get(world.events) ?? world.events.filter((event) => isDrawn(world, event));
  shown.set(world.events, events);
  for (const event of events) {
    const cell = world.cellOf(event.target);
    if (isVisible(cells, Math.floor(cell / world.description.width), cell % world.description.width)) drawEvent(scene, list, event);
  }
};

/** Whether an event shows on the map. */
function isDrawn(world: World, event: WorldEvent): boolean {
  const what = WHAT[event.what];
  if (event.target < 0) return false;
  if (what === "acted") return world.description.actions[event.amount]?.verb === "attack" && world.isAgent(event.target);
  if (what === "handed_over") return event.source >= 0 && world.isAgent(event.source) && world.isAgent(event.target);
  return what === "born" || what === "died" || (what === "rewarded" && event.amount >= LEAST_REWARD);
}

function drawEvent(scene: Scene, list: DrawList, event: WorldEvent): void {
  const { world, tiles } = scene;
  const { looks } = world.description;
  const flash = (name: string, object: number) => {
    const tile = looks.events[name];
    if (tile !== undefined && world.isOnMap(object)) list.sprite(tiles.find(tile), world.columnOf(object), world.rowOf(object));
  };
  const what = WHAT[event.what];
  if (what === "acted") {
    beam(scene, list, "attack", event.actor, event.target);
    flash("attack", event.target);
  } else if (what === "handed_over") {
    beam(scene, list, "gift", event.source, event.target);
    flash(event.actor === event.source ? "gift" : "attack", event.target);
  } else if (what === "rewarded") flash("heart", event.target);
  else if (what === "born") flash("birth", event.target);
  else if (what === "died") flash("death", event.target);
}

function beam({ world, tiles, motion }: Scene, list: DrawList, name: string, from: number, to: number): void {
  const tile = world.description.looks.beams[name];
  if (tile === undefined || !world.isOnMap(from) || !world.isOnMap(to) || from === to) return;
  const [x0, y0] = [motion.x(world, from) + 0.5, motion.y(world, from) + 0.5];
  const [x1, y1] = [motion.x(world, to) + 0.5, motion.y(world, to) + 0.5];
  const length = Math.hypot(x1 - x0, y1 - y0);
  const [x, y] = [(x0 + x1) / 2 - length / 2, (y0 + y1) / 2 - BEAM_HEIGHT / 2];
  list.sprite(tiles.find(tile), x, y, length, BEAM_HEIGHT, 1, 0, Math.atan2(y1 - y0, x1 - x0));
}
