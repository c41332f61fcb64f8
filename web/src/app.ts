// The page's heart: the state, what the server told, and the loop that draws.

import { Branch } from "./feed/branch";
import { ArchiveConnection, type Archive } from "./feed/archive";
import type { Chunk } from "./feed/chunk";
import type { Connection, Listener, News, Question } from "./feed/connection";
import { checkDescription, type BranchState } from "./feed/description";
import type { World } from "./feed/world";
import { MapView } from "./map/map_view";
import { dropClosed, linkCameras } from "./compare";
import { advance, followHeads, headTick } from "./playback";
import { focusedPane, initialState, type Pane, type State } from "./state";

/** Part of the page that shows the state: called after changes, with the seconds since the page was opened. */
export interface View {
  update(seconds: number): void;
}

export class App implements Listener, Connection {
  readonly state: State = initialState();
  readonly branches = new Map<number, Branch>();
  readonly views: View[] = [];
  readonly maps = new Map<Pane, MapView>();
  readonly newsListeners: ((news: News) => void)[] = [];
  private connection: Connection | null = null;
  private readonly isMeasured = new URLSearchParams(location.search).has("measure"); // for benchmarks/viewer_page.py
  private readonly archives = new Map<number, ArchiveConnection>(); // by numbers below 0
  private nextArchive = -1;
  private isDue = false;
  private lastSeconds = 0;

  connect(open: (listener: Listener) => Connection): void {
    this.connection = open(this);
  }

  /** Changes the state and draws what follows from it. */
  change(how: (state: State) => void): void {
    how(this.state);
    this.draw();
  }

  ask(question: Question): void {
    (this.archives.get(question.branch) ?? this.connection)?.ask(question);
    if (question.do === "close" && this.archives.delete(question.branch)) this.list(this.served);
  }

  /** Shows what a file holds, without the server, and returns the number of its branch. */
  openArchive(archive: Archive, title = archive.description.title): number {
    const number = this.nextArchive--;
    this.archives.set(number, new ArchiveConnection(archive, number, title, this));
    this.list(this.served);
    this.showBranch(number);
    return number;
  }

  /** Whether there is a server; a saved page has none. */
  get isServed(): boolean {
    return this.connection !== null;
  }

  /** Draws soon. */
  draw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame((milliseconds) => this.drawNow(milliseconds / 1000));
  }

  /** Shows a line that tells what went wrong. */
  report(text: string): void {
    this.change((state) => state.messages.push(text));
  }

  get pane(): Pane | null {
    return focusedPane(this.state);
  }

  /** The branch that keys and panels are about. */
  get branch(): Branch | null {
    return this.pane === null ? null : (this.branches.get(this.pane.branch) ?? null);
  }

  /** The world of the focused pane, at the tick that is drawn. */
  get world(): World | null {
    const map = this.pane === null ? undefined : this.maps.get(this.pane);
    return map !== undefined && map.world.tick >= 0 ? map.world : null;
  }

  /** Whether there is a server to ask; a saved page has none. */
  get hasServer(): boolean {
    return this.connection !== null;
  }

  /** The last tick that can be shown. */
  get lastTick(): number {
    return Math.max(0, ...this.shown().map((branch) => branch.state.last_tick));
  }

  /** The first tick that can be shown. */
  get firstTick(): number {
    return Math.min(...this.shown().map((branch) => branch.state.first_tick), this.lastTick);
  }

  /** The branches of all panes. */
  shown(): Branch[] {
    return this.state.panes.map((pane) => this.branches.get(pane.branch)).filter((branch) => branch !== undefined);
  }

  /** Shows a branch in the only pane, or beside the first one. */
  showBranch(number: number, beside = false): void {
    const pane: Pane = { branch: number, selected: null, isFollowing: false, camera: { x: 0, y: 0, scale: 0 } };
    for (const dropped of this.state.panes.slice(beside ? 1 : 0)) {
      this.ask({ do: "leave", branch: dropped.branch });
      this.maps.delete(dropped);
    }
    this.ask({ do: "watch", branch: number });
    this.change((state) => {
      state.panes = beside ? [...state.panes.slice(0, 1), pane] : [pane];
      state.focus = state.panes.length - 1;
    });
  }

  onConnection(isOpen: boolean): void {
    this.change((state) => (state.isConnected = isOpen));
  }

  onNews(news: News): void {
    if (news.say === "welcome") this.welcome(news.may_control, news.branches);
    else if (news.say === "branches") this.list(news.branches);
    else if (news.say === "branch") this.meet(news);
    else if (news.say === "state") this.update(news);
    else if (news.say === "forked") this.showBranch(news.branch, true);
    else if (news.say === "error") this.report(news.text);
    for (const listener of this.newsListeners) listener(news);
  }

  onFrame(number: number, frame: Uint8Array): void {
    const branch = this.branches.get(number);
    if (branch === undefined) return;
    this.withHeads(() => branch.receiveFrame(frame));
    this.draw();
  }

  onChunk(number: number, chunk: Chunk): void {
    this.branches.get(number)?.receiveChunk(chunk);
    this.draw();
  }

  onSurvey(number: number, block: Uint8Array): void {
    this.branches.get(number)?.receiveSurvey(block);
    this.draw();
  }

  /** Lets a change move the heads of live worlds: who was at the head stays there. */
  private withHeads(change: () => void): void {
    const wasAtHead = this.state.tick >= headTick(this);
    const isLive = this.shown().some((branch) => branch.state.is_live);
    change();
    if (wasAtHead && isLive) followHeads(this);
  }

  private welcome(mayControl: boolean, branches: BranchState[]): void {
    this.state.mayControl = mayControl;
    this.list(branches);
    const shown = this.state.panes.length > 0 ? this.state.panes.map((pane) => pane.branch) : [];
    for (const number of shown) this.ask({ do: "watch", branch: number });
    const first = branches[0];
    if (shown.length === 0 && first !== undefined) this.showBranch(first.branch);
  }

  private meet(description: Extract<News, { say: "branch" }>): void {
    checkDescription(description);
    const branch = new Branch(description, this);
    this.branches.set(description.branch, branch);
    for (const pane of this.state.panes) {
      if (pane.branch !== description.branch) continue;
      this.maps.set(pane, new MapView(branch, this));
    }
    const isAlone = this.state.panes.length === 1;
    if (description.is_live) this.state.tick = isAlone ? description.last_tick : headTick(this);
    else this.state.tick = Math.min(this.lastTick, Math.max(description.first_tick, this.state.tick));
    this.goToWanted();
    this.draw();
  }

  /** Goes to the tick that a link asked for, once all that it shows is there. */
  private goToWanted(): void {
    const tick = this.state.wantedTick;
    if (tick === null || this.shown().length < this.state.panes.length) return;
    this.state.tick = Math.min(this.lastTick, Math.max(this.firstTick, tick));
    this.state.wantedTick = null;
  }

  /** What the server has open. */
  private get served(): BranchState[] {
    return this.state.branches.filter((branch) => branch.branch >= 0);
  }

  private list(served: BranchState[]): void {
    const own = [...this.archives.values()].map((archive) => archive.description);
    dropClosed(this, [...served, ...own]);
  }

  private update(news: BranchState): void {
    const branch = this.branches.get(news.branch);
    this.withHeads(() => {
      if (branch !== undefined) branch.state = { ...news, last_tick: Math.max(news.last_tick, branch.state.last_tick) };
    });
    this.change((state) => {
      state.branches = state.branches.map((known) => (known.branch === news.branch ? news : known));
    });
  }

  private drawNow(seconds: number): void {
    const began = performance.now();
    this.isDue = false;
    const passed = Math.min(0.25, seconds - this.lastSeconds);
    this.lastSeconds = seconds;
    advance(this, passed);
    linkCameras(this.state);
    let isMore = this.state.isPlaying;
    for (const pane of this.state.panes) isMore = this.maps.get(pane)?.draw(this.state, pane, seconds) || isMore;
    for (const view of this.views) view.update(seconds);
    if (isMore) this.draw();
    if (this.isMeasured) performance.measure("frame", { start: began });
  }
}
