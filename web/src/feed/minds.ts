// What policies made of what they saw: asked of the server when somebody wants to see it, then kept.

import type { App } from "../app";
import type { News } from "./connection";

/** A policy's view of one agent at one tick; see mettascope/minds/notes.py. */
export interface Mind {
  probabilities: number[]; // [action]
  value: number;
  attention: [row: number, column: number, share: number][] | null; // of its view; the agent itself is at (-1, -1)
}

/** What an agent's policy expected, tick by tick. */
export interface Series {
  ticks: number[];
  values: number[];
}

const MOST_MINDS = 5000;
const PATIENCE_SECONDS = 0.5; // between two questions for the same thing
const LONG_PATIENCE_SECONDS = 20; // while a policy thinks

type Kept = { keys(): IterableIterator<string>; delete(name: string): boolean };

const stores = new WeakMap<App, Minds>();

/** The one store of a page. */
export function mindsOf(app: App): Minds {
  const known = stores.get(app) ?? new Minds(app);
  stores.set(app, known);
  return known;
}

export class Minds {
  private readonly minds = new Map<string, Mind>();
  private readonly series = new Map<string, Series>();
  private readonly asked = new Map<string, number>(); // question -> when, in seconds
  private readonly unknown = new Set<string>(); // views that the server does not have
  private readonly askedPolicies = new Map<number, string | null>(); // by branch

  constructor(private readonly app: Pick<App, "ask" | "draw" | "newsListeners" | "branches">) {
    app.newsListeners.push((news) => this.hear(news));
  }

  /** The policy whose view is shown in a branch instead of that of those who play; null for none. */
  askedPolicy(branch: number): string | null {
    return this.askedPolicies.get(branch) ?? null;
  }

  /** The view of an agent at a tick; null if it is not known (yet): then it is asked for. */
  at(branch: number, agent: number, tick: number): Mind | null {
    const known = this.minds.get(`${branch} ${agent} ${tick}`);
    if (known !== undefined || this.isUnknown(branch, agent, tick)) return known ?? null;
    this.askOnce(`mind ${branch} ${agent} ${tick}`, () => this.app.ask({ do: "mind", branch, agent, tick }));
    return null;
  }

  /** Whether the server has answered that it knows no view of an agent at a tick. */
  isUnknown(branch: number, agent: number, tick: number): boolean {
    return this.unknown.has(`${branch} ${agent} ${tick}`);
  }

  /** What an agent's policy expected so far; asks for what is missing up to a tick. */
  valuesOf(branch: number, agent: number, tick: number): Series {
    const name = `${branch} ${agent}`;
    const known = this.series.get(name) ?? { ticks: [], values: [] };
    this.series.set(name, known);
    const first = (known.ticks[known.ticks.length - 1] ?? -1) + 1;
    if (first <= tick) this.askOnce(`values ${name} ${first}`, () => this.app.ask({ do: "values", branch, agent, first }));
    return known;
  }

  /** Lets a policy say what it makes of the ticks around one; null shows the view of those who play again. */
  askPolicy(branch: number, policyUri: string | null, tick: number): void {
    const ask = () => this.app.ask({ do: "ask", branch, policy_uri: policyUri, tick });
    this.askOnce(`ask ${branch} ${policyUri} ${tick}`, ask, LONG_PATIENCE_SECONDS);
  }

  private hear(news: News): void {
    if (news.say === "mind") this.noteMind(news);
    else if (news.say === "values") this.noteValues(news);
    else if (news.say === "asked") this.noteAsked(news.branch, news.policy_uri);
    else if (news.say === "branch") this.forget(news.branch);
  }

  private noteMind(news: Extract<News, { say: "mind" }>): void {
    const { branch, agent, tick, probabilities, value, attention } = news;
    if (news.by !== this.askedPolicy(branch)) this.noteAsked(branch, news.by); // somebody asked before we came
    const name = `${branch} ${agent} ${tick}`;
    if (probabilities === undefined || value === undefined) this.unknown.add(name);
    else this.minds.set(name, { probabilities, value, attention: attention ?? null });
    const oldest = this.minds.keys().next();
    if (this.minds.size > MOST_MINDS && !oldest.done) this.minds.delete(oldest.value);
    this.app.draw();
  }

  private noteValues(news: Extract<News, { say: "values" }>): void {
    const known = this.series.get(`${news.branch} ${news.agent}`);
    if (known === undefined || news.values.length === 0) return;
    const last = known.ticks[known.ticks.length - 1] ?? -1;
    for (const [tick, value] of news.values) {
      if (tick <= last) continue;
      known.ticks.push(tick);
      known.values.push(value);
    }
    this.app.draw();
  }

  /** More ticks are known, perhaps earlier ones, and perhaps of another policy. */
  private noteAsked(branch: number, policyUri: string | null): void {
    const isSame = policyUri === this.askedPolicy(branch);
    this.forget(branch, isSame ? [this.series, this.unknown] : undefined);
    this.askedPolicies.set(branch, policyUri);
    this.app.draw();
  }

  private forget(branch: number, kept: Kept[] = [this.minds, this.series, this.unknown]): void {
    for (const store of kept) {
      for (const name of store.keys()) if (name.startsWith(`${branch} `)) store.delete(name);
    }
    for (const question of this.asked.keys()) if (!question.startsWith("ask ")) this.asked.delete(question);
  }

  private askOnce(question: string, ask: () => void, patience = PATIENCE_SECONDS): void {
    const now = performance.now() / 1000;
    if (now - (this.asked.get(question) ?? -patience) < patience) return;
    this.asked.set(question, now);
    ask();
  }
}
