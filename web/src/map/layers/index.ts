// The layers of the map, from below. A new one is a file here and a line in this list.

import type { Layer } from "../layer";
import { drawAgents } from "./agents";
import { drawFloor } from "./floor";
import { drawObjects } from "./objects";
import { drawSelection } from "./selection";
import { drawWalls } from "./walls";

export const LAYERS: readonly Layer[] = [drawFloor, drawWalls, drawObjects, drawAgents, drawSelection];
