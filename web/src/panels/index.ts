// The panels, in the order of their buttons. A new one is a file here and a line in this list.

import { AGENTS } from "./agents/panel";
import { INSPECTOR } from "./inspector/panel";
import type { PanelKind } from "./panel";
import { PLAY } from "./play";
import { TRACES } from "./traces";

export const PANELS: readonly PanelKind[] = [PLAY, AGENTS, INSPECTOR, TRACES];
