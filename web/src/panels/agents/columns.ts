// The columns that the table of agents can have: anything that is known of an agent.

import type { Description } from "../../feed/description";
import type { World } from "../../feed/world";

/** Where the table's values come from. */
export interface Source {
  world: World;
  sums: Float64Array; // [agent] thousandths earned so far
  player(agent: number): string;
}

export type Value = number | string;

export interface TableColumn {
  id: string; // kept in the browser, e.g. "variable.energy"
  title: string;
  group: string;
  value(source: Source, agent: number): Value;
  text?(value: Value): string; // how it is shown; as it is if left out
}

/** All columns of a game. */
export function tableColumns(description: Description): TableColumn[] {
  const variables = description.variables.flatMap((variable, index) =>
    variable.of_agents ? [variableColumn(variable.name, index)] : [],
  );
  const stats = description.stats.map((name, index) => statColumn(name, index));
  return [...OWN, ...variables, ...stats];
}

/** The columns that a table begins with: what agents gather for, live on and do. */
export function usualColumns(description: Description): string[] {
  const { variables, gems } = description.looks;
  const energy = variables.energy >= 0 ? [variables.energy] : [];
  const carried = gems.map((gem) => gem.variable).filter((variable) => description.variables[variable]?.of_agents);
  const shown = [...new Set([...energy, ...carried])].slice(0, 4);
  return ["reward", ...shown.map((index) => `variable.${description.variables[index]!.name}`), "action"];
}

/** Reward as people read it: thousandths as a decimal number. */
export function rewardText(thousandths: Value): string {
  const reward = Number(thousandths) / 1000;
  return Number.isInteger(reward) ? String(reward) : reward.toFixed(3).replace(/0+$/, "");
}

const OWN: readonly TableColumn[] = [
  {
    id: "reward",
    title: "reward",
    group: "agent",
    value: ({ sums }, agent) => sums[agent] ?? 0,
    text: rewardText,
  },
  { id: "step_reward", title: "reward now", group: "agent", value: ({ world }, agent) => world.reward[agent] ?? 0, text: rewardText },
  {
    id: "action",
    title: "action",
    group: "agent",
    value: ({ world }, agent) => world.description.actions[world.action[agent] ?? 0]?.name ?? "",
  },
  { id: "body", title: "body", group: "agent", value: ({ world }, agent) => world.description.bodies[world.body[agent] ?? 0] ?? "" },
  { id: "mate", title: "mate", group: "agent", value: ({ world }, agent) => (world.partner[agent] ?? 0) - 1, text: (mate) => (Number(mate) < 0 ? "" : `agent ${mate}`) },
  { id: "player", title: "policy", group: "agent", value: ({ player }, agent) => player(agent), text: (uri) => shortUri(String(uri)) },
];

function variableColumn(name: string, index: number): TableColumn {
  return { id: `variable.${name}`, title: name, group: "variables", value: ({ world }, agent) => world.variable(agent, index) };
}

function statColumn(name: string, index: number): TableColumn {
  return { id: `stat.${name}`, title: name, group: "statistics", value: ({ world }, agent) => world.stat(agent, index) };
}

/** The last part of an address: "mock://scripted" as "scripted". */
export function shortUri(uri: string): string {
  const parts = uri.split(/[/]+/).filter((part) => part !== "");
  return parts[parts.length - 1] ?? uri;
}
