// How the numbers of a world are drawn: ids, tiles, places and colours; see mettagrid/render/atlas/table.py.

export type Box = [number, number, number, number]; // x, y, width, height in a cell

export interface KindLook {
  name: string;
  tile: string | null; // null for agents, walls and what has no place
  rest: string | null; // while it waits or has nothing to give
  wall: "wall" | "border" | null;
  is_note: boolean; // shows its mark only
  color: string; // on small maps
}

export interface BodyLook {
  form: number;
  energy: number; // limit, 0 = has no bar
  hit_points: number; // initial value, 0 = cannot break
  stock: number[]; // variables; it rests while one of them is 0
}

/** Ids of variables by what they mean; -1 = the game has no such variable. */
export interface Roles {
  heading: number;
  energy: number;
  frozen: number;
  shield: number;
  mark: number;
  team: number;
  hit_points: number;
  youth: number;
  sight: number;
  night: number;
  waiting: number[];
  stock: number[];
}

export interface Looks {
  version: number;
  kinds: KindLook[]; // [kind]
  walls: Record<"wall" | "border" | "shadow", string[]>; // tile of each state of a quarter
  variables: Roles;
  bodies: BodyLook[]; // [body]
  gems: { variable: number; name: string; tile: string; color: string; on_map: boolean }[];
  grounds: { name: string; tile: string; shade: string; color: string }[];
  traces: { name: string; tile: string; color: string }[];
  events: Record<string, string>; // tile by what happened
  beams: Record<string, string>;
  counts: {
    colors: number;
    forms: number;
    teams: number;
    marks: number;
    cracks: number;
    energy_levels: number;
    gems: number;
    gems_of_a_sort: number;
  };
  layout: { gems: Box[]; mark: Box; note: Box; young: Box; shadow: Box };
  night: { color: string; darkest: number; without_sight: number };
  colors: {
    agents: string[];
    teams: string[];
    floor: string;
    floor_shade: string;
    ink: string;
    paper: string;
    heart: string;
    energy: string;
  };
}
