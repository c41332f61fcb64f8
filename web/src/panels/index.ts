// The panels, in the order of their buttons. A new one is a file here and a line in this list.

import { AGENTS } from "./agents/panel";
import { GIFTS } from "./gifts/panel";
import { FORK } from "./fork";
import { INSPECTOR } from "./inspector/panel";
import { KIN } from "./kin/panel";
import { MIND } from "./mind/panel";
import type { PanelKind } from "./panel";
import { PLAY } from "./play";
import { RULES } from "./rules/panel";
import { SESSION } from "./session";
import { TRACES } from "./traces";

export const PANELS: readonly PanelKind[] = [SESSION, FORK, PLAY, AGENTS, INSPECTOR, RULES, KIN, GIFTS, MIND, TRACES];
