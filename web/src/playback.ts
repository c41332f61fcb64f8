// Time: playing what was recorded, and letting a live world go on at its head.

import type { App } from "./app";

let due = 0; // fraction of a tick that has passed

/** Moves on while the page plays; called before each picture with the seconds since the last one. */
export function advance(app: App, seconds: number): void {
  const { state } = app;
  if (!state.isPlaying) return;
  due += seconds * state.speed;
  const steps = Math.floor(due);
  due -= steps;
  for (const branch of app.shown()) branch.prefetch(state.tick + steps);
  const isWaiting = [...app.maps.values()].some((map) => map.world.tick !== state.tick && steps < 2);
  if (steps > 0 && !isWaiting) state.tick = Math.min(app.lastTick, state.tick + steps);
  if (state.tick >= app.lastTick) reachHead(app);
}

/** Plays or pauses: at the head of a live world the server goes on, everywhere else the page plays what is there. */
export function togglePlay(app: App): void {
  const branch = app.branch;
  if (branch === null) return;
  if (isGoingOn(app)) {
    app.change((state) => (state.isPlaying = false));
    if (branch.state.speed > 0) app.ask({ do: "pause", branch: branch.number });
  } else if (branch.state.is_live && app.state.tick >= app.lastTick) {
    app.ask({ do: "run", branch: branch.number, speed: app.state.speed });
  } else {
    app.change((state) => {
      if (state.tick >= app.lastTick) state.tick = branch.state.first_tick;
      state.isPlaying = true;
    });
  }
}

/** Whether time passes, here or on the server. */
export function isGoingOn(app: App): boolean {
  return app.state.isPlaying || (app.branch?.state.speed ?? 0) > 0;
}

/** Goes to a tick and stays there. */
export function seek(app: App, tick: number): void {
  const branch = app.branch;
  if (branch === null) return;
  app.change((state) => {
    state.isPlaying = false;
    state.tick = Math.round(Math.min(app.lastTick, Math.max(branch.state.first_tick, tick)));
  });
  branch.prefetch(app.state.tick);
}

/** Goes `count` ticks on, or back if it is negative; beyond the head a live world makes a step. */
export function step(app: App, count: number): void {
  const branch = app.branch;
  if (branch === null) return;
  const isBeyond = app.state.tick + count > app.lastTick;
  if (isBeyond && branch.state.is_live) app.ask({ do: "step", branch: branch.number, count });
  else seek(app, app.state.tick + count);
}

/** Changes how fast time passes; 0.1 to 1000 times ten ticks per second. */
export function setSpeed(app: App, ticksPerSecond: number): void {
  const speed = Math.min(10_000, Math.max(1, ticksPerSecond));
  app.change((state) => (state.speed = speed));
  const branch = app.branch;
  if (branch !== null && branch.state.speed > 0) app.ask({ do: "run", branch: branch.number, speed });
}

function reachHead(app: App): void {
  app.state.isPlaying = false;
  const branch = app.branch;
  if (branch?.state.is_live && app.state.mayControl) {
    app.ask({ do: "run", branch: branch.number, speed: app.state.speed });
  }
}
