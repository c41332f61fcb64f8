// What happened in the step that led to this tick: blows, gifts, thefts, hearts, births and deaths flash.

import type { WorldEvent } from "../../feed/world";
import { WHAT } from "../../feed/world";
import type { DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";

const BEAM_HEIGHT = 0.6; // in cells

export const drawEvents: Layer = (scene, list) => {
  for (const event of scene.world.events) drawEvent(scene, list, event);
};

function drawEvent(scene: Scene, list: DrawList, event: WorldEvent): void {
  const { world, tiles } = scene;
  const { looks, actions } = world.description;
  const flash = (name: string, object: number) => {
    const tile = looks.events[name];
    if (tile !== undefined && world.isOnMap(object)) list.sprite(tiles.find(tile), world.columnOf(object), world.rowOf(object));
  };
  const what = WHAT[event.what];
  if (what === "acted" && actions[event.amount]?.verb === "attack" && world.isAgent(event.target) && event.target >= 0) {
    beam(scene, list, "attack", event.actor, event.target);
    flash("attack", event.target);
  } else if (what === "handed_over" && isAmongAgents(scene, event)) {
    beam(scene, list, "gift", event.source, event.target);
    flash(event.actor === event.source ? "gift" : "attack", event.target);
  } else if (what === "rewarded" && event.amount >= 1000) flash("heart", event.target);
  else if (what === "born") flash("birth", event.target);
  else if (what === "died") flash("death", event.target);
}

function isAmongAgents({ world }: Scene, event: WorldEvent): boolean {
  return event.source >= 0 && event.target >= 0 && world.isAgent(event.source) && world.isAgent(event.target);
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
