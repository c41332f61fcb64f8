// Darkness at night, after the sight that is left to everybody.

import { fromHex } from "../color";
import type { Layer } from "../layer";

export const drawNight: Layer = ({ world }, list) => {
  const { looks, kinds, width, height } = world.description;
  const { sight, night } = looks.variables;
  const thing = world.kind.indexOf(kinds.indexOf("world"));
  if (thing < 0 || (sight < 0 && night < 0)) return;
  const full = world.cap(thing, sight);
  const isNight = night >= 0 && world.variable(thing, night) > 0;
  const darkness = sight >= 0 && full > 0 ? 1 - world.variable(thing, sight) / full : isNight ? looks.night.without_sight : 0;
  if (darkness > 0) list.rectangle(0, 0, width, height, fromHex(looks.night.color, darkness * looks.night.darkest));
};
