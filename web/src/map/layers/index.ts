// The layers of the map, from below. A new one is a file here and a line in this list.

import type { Layer } from "../layer";
import { drawAgents } from "./agents";
import { drawBonds } from "./bonds";
import { drawEvents } from "./events";
import { drawFloor } from "./floor";
import { drawGrid } from "./grid";
import { drawHeat } from "./heat";
import { drawNight } from "./night";
import { drawObjects } from "./objects";
import { drawPaths } from "./paths";
import { drawSelection } from "./selection";
import { drawVision } from "./vision";
import { drawWalls } from "./walls";

export const LAYERS: readonly Layer[] = [
  drawFloor,
  drawGrid,
  drawWalls,
  drawHeat,
  drawObjects,
  drawPaths,
  drawBonds,
  drawAgents,
  drawEvents,
  drawNight,
  drawVision,
  drawSelection,
];
