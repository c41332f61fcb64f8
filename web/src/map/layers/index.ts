// The layers of the map, from below. A new one is a file here and a line in this list.

import type { Layer } from "../layer";
import { drawThings } from "./things";

export const LAYERS: readonly Layer[] = [drawThings];
