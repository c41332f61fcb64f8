// The layers of the map, from below. A new one is a file here and a line in one of these lists.

import type { Layer } from "../layer";
import { drawAgents } from "./agents";
import { drawAttention } from "./attention";
import { drawBonds } from "./bonds";
import { drawEvents } from "./events";
import { drawFloor } from "./floor";
import { drawGrid } from "./grid";
import { drawGifts } from "./gifts";
import { drawHeat } from "./heat";
import { drawKinship } from "./kinship";
import { drawNight } from "./night";
import { drawObjects } from "./objects";
import { drawPaths } from "./paths";
import { drawSelection } from "./selection";
import { drawTargets } from "./targets";
import { drawVision } from "./vision";
import { drawWalls } from "./walls";

/** What stays where it is; it is kept as long as `World.fixedVersion` and the part of the map are the same. */
export const FIXED_LAYERS: readonly Layer[] = [drawFloor, drawWalls];

/** What changes with the tick only; it is kept from picture to picture, so it must not look at camera or time. */
export const STILL_LAYERS: readonly Layer[] = [drawHeat, drawObjects];

/** What moves, pulses or follows the camera; over the others. */
export const MOVING_LAYERS: readonly Layer[] = [
  drawGrid,
  drawPaths,
  drawAttention,
  drawKinship,
  drawGifts,
  drawBonds,
  drawAgents,
  drawEvents,
  drawNight,
  drawVision,
  drawSelection,
  drawTargets,
];
