// What went from whom to whom over some ticks: gifts, thefts and shared reward, summed up from the survey's marks.

import type { Mark, Survey } from "./survey";

export type FlowKind = "gift" | "theft" | "share";

/** All that went from one agent to another in one way. */
export interface Flow {
  from: number;
  to: number;
  kind: FlowKind;
  times: number;
  amounts: Map<number, number>; // by variable; -1 = thousandths of reward
}

export const REWARD = -1;

/** What flows are measured in: how often, thousandths of reward, or one variable. */
export const TIMES = "times";

/** Sums up marks: one flow for each pair and kind, in the order in which they first came. */
export function sumFlows(marks: readonly Mark[]): Flow[] {
  const flows = new Map<string, Flow>();
  for (const mark of marks) {
    const { kind } = mark;
    if (kind !== "gift" && kind !== "theft" && kind !== "share") continue;
    const [from, to] = kind === "theft" ? [mark.target, mark.actor] : [mark.actor, mark.target];
    const name = `${kind} ${from} ${to}`;
    const flow = flows.get(name) ?? { from, to, kind, times: 0, amounts: new Map<number, number>() };
    const variable = kind === "share" ? REWARD : mark.variable;
    flow.times++;
    flow.amounts.set(variable, (flow.amounts.get(variable) ?? 0) + mark.amount);
    flows.set(name, flow);
  }
  return [...flows.values()];
}

/** How large a flow is in what it is measured in: "times", or the number of a variable. */
export function sizeOf(flow: Flow, what: string): number {
  return what === TIMES ? flow.times : Math.abs(flow.amounts.get(Number(what)) ?? 0);
}

/** The variables that flows are made of, most frequent first. */
export function variablesOf(flows: readonly Flow[]): number[] {
  const times = new Map<number, number>();
  for (const flow of flows) {
    for (const variable of flow.amounts.keys()) times.set(variable, (times.get(variable) ?? 0) + flow.times);
  }
  return [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([variable]) => variable);
}

export interface Span {
  first: number;
  end: number; // exclusive
}

/** The ticks that are summed up: `ticks` of them up to the present one, as far as they are known; 0 = all so far. */
export function spanOf(survey: Survey, tick: number, ticks: number): Span {
  const end = Math.min(tick + 1, survey.end);
  return { first: Math.max(survey.first, ticks === 0 ? survey.first : tick + 1 - ticks), end };
}

const known = new WeakMap<Survey, { key: string; flows: Flow[] }>();

/** The flows of a span; asked again for the same span it answers at once. */
export function flowsOf(survey: Survey, { first, end }: Span): Flow[] {
  const key = `${first} ${end} ${survey.end}`;
  const before = known.get(survey);
  if (before?.key === key) return before.flows;
  const flows = sumFlows(survey.marksBetween(first, end));
  known.set(survey, { key, flows });
  return flows;
}

/** Where an agent's reward came from, in thousandths: `earned - passed + received` is exactly `total`. */
export interface Attribution {
  total: number;
  earned: number; // by rules and by rank
  passed: number; // on to others
  received: number;
  sources: { agent: number; amount: number }[]; // from whom, most first
  receivers: { agent: number; amount: number }[]; // to whom
}

/** Splits what an agent was paid in a span into its own and what others shared with it. */
export function attribute(survey: Survey, agent: number, span: Span, flows: readonly Flow[]): Attribution {
  let total = 0;
  for (let tick = span.first; tick < span.end; tick++) total += survey.reward(tick, agent);
  const shares = flows.filter((flow) => flow.kind === "share");
  const sources = partners(shares, agent, "to", "from");
  const receivers = partners(shares, agent, "from", "to");
  const [received, passed] = [sumOf(sources), sumOf(receivers)];
  return { total, earned: total - received + passed, passed, received, sources, receivers };
}

function partners(shares: readonly Flow[], agent: number, own: "from" | "to", other: "from" | "to"): Attribution["sources"] {
  const found = shares.filter((flow) => flow[own] === agent);
  const amounts = found.map((flow) => ({ agent: flow[other], amount: flow.amounts.get(REWARD) ?? 0 }));
  return amounts.sort((a, b) => b.amount - a.amount || a.agent - b.agent);
}

function sumOf(parts: Attribution["sources"]): number {
  return parts.reduce((sum, part) => sum + part.amount, 0);
}
