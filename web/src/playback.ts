// Time: playing what was recorded, and letting a live world go on at its head.

import type { App } from "./app";
import type { Branch } from "./feed/branch";

let due = 0; // fraction of a tick that has passed
let isRunning = false; // whether this page let live worlds go on, and has not stopped them since

/** The live worlds that are shown. */
function heads(app: App): Branch[] {
  return app.shown().filter((branch) => branch.state.is_live);
}

/** The tick up to which all that is shown can be played: where a live world must go on first. */
export function headTick(app: App): number {
  const live = heads(app).map((branch) => branch.state.last_tick);
  return live.length > 0 ? Math.min(...live) : app.lastTick;
}

/** Moves on while the page plays; called before each picture with the seconds since the last one. */
export function advance(app: App, seconds: number): void {
  const { state } = app;
  if (!state.isPlaying) return;
  due += seconds * state.speed;
  const steps = Math.floor(due);
  due -= steps;
  for (const branch of app.shown()) branch.prefetch(state.tick + steps);
  const isWaiting = [...app.maps.values()].some((map) => !map.isThere && steps < 2);
  if (steps > 0 && !isWaiting) state.tick = Math.min(headTick(app), state.tick + steps);
  if (state.tick >= headTick(app)) reachHead(app);
}

/** Follows the live worlds, all at one tick: who is behind sets the pace. */
export function followHeads(app: App): void {
  const { state } = app;
  state.tick = headTick(app);
  if (isRunning && state.mayControl) runHeads(app);
}

/** Plays or pauses: at the head of live worlds the server goes on, everywhere else the page plays what is there. */
export function togglePlay(app: App): void {
  if (app.branch === null) return;
  if (isGoingOn(app)) pause(app);
  else if (heads(app).length > 0 && app.state.tick >= headTick(app)) runHeads(app);
  else start(app);
}

function start(app: App): void {
  app.change((state) => {
    if (state.tick >= app.lastTick) state.tick = app.firstTick;
    state.isPlaying = true;
  });
}

/** Lets time stand still, here and on the server. */
export function pause(app: App): void {
  isRunning = false;
  app.change((state) => (state.isPlaying = false));
  for (const branch of heads(app)) if (branch.state.speed > 0) app.ask({ do: "pause", branch: branch.number });
}

/** Whether time passes, here or on the server. */
export function isGoingOn(app: App): boolean {
  return app.state.isPlaying || app.shown().some((branch) => branch.state.speed > 0);
}

/** Goes to a tick and stays there. */
export function seek(app: App, tick: number): void {
  const branch = app.branch;
  if (branch === null) return;
  app.change((state) => {
    state.isPlaying = false;
    state.tick = Math.round(Math.min(app.lastTick, Math.max(app.firstTick, tick)));
  });
  branch.prefetch(app.state.tick);
}

/** Goes `count` ticks on, or back if it is negative; beyond the head a live world makes a step. */
export function step(app: App, count: number): void {
  const branch = app.branch;
  if (branch === null) return;
  const behind = heads(app).filter((live) => live.state.last_tick < app.state.tick + count);
  const isBeyond = behind.length > 0 && app.state.tick >= headTick(app);
  if (!isBeyond) seek(app, app.state.tick + count);
  else for (const live of behind) app.ask({ do: "step", branch: live.number, count });
}

/** Changes how fast time passes; 0.1 to 1000 times ten ticks per second. */
export function setSpeed(app: App, ticksPerSecond: number): void {
  const speed = Math.min(10_000, Math.max(1, ticksPerSecond));
  app.change((state) => (state.speed = speed));
  for (const branch of heads(app)) if (branch.state.speed > 0) app.ask({ do: "run", branch: branch.number, speed });
}

/** Lets those live worlds go on that have come to the tick that is shown. */
function runHeads(app: App): void {
  isRunning = true;
  for (const branch of heads(app)) {
    if (branch.state.speed > 0 || branch.state.last_tick > app.state.tick) continue;
    branch.state = { ...branch.state, speed: app.state.speed }; // until the server tells
    app.ask({ do: "run", branch: branch.number, speed: app.state.speed });
  }
}

function reachHead(app: App): void {
  app.state.isPlaying = false;
  if (app.state.mayControl) runHeads(app);
}
