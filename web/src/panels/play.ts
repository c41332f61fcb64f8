// Playing by hand: takes agents over, steers them, and offers the verbs of the game.

import type { App } from "../app";
import { fill, h, setText } from "../dom";
import { icon, type IconName } from "../icons";
import { actionToward, type Eighth } from "../play/directions";
import { act, begin, currentHand, ownHands, select, selectedAgent, toggleTake, whyNotTake, type Hand } from "../play/hands";
import { rowsOf, verbsOf, type Choice, type Verb } from "../play/verbs";
import type { Panel, PanelKind } from "./panel";
import { SeatForm } from "./play_seat";

const PAD: readonly (readonly [IconName, string, Eighth | null])[] = [
  ["up", "north (W)", 0], ["left", "west (A)", 6], ["wait", "wait (X)", null], ["right", "east (D)", 2], ["down", "south (S)", 4],
]; // prettier-ignore

export const PLAY: PanelKind = {
  id: "play",
  title: "Play",
  icon: "hand",
  create: (host, app) => new PlayPanel(host, app),
};

class PlayPanel implements Panel {
  private readonly title = h("strong", { class: "play-who" });
  private readonly take: HTMLButtonElement;
  private readonly own = h("div", { class: "chips", "aria-label": "your agents" });
  private readonly reason = h("p", { class: "reason" });
  private readonly controls = h("div", { class: "play-controls" });
  private readonly seat: SeatForm;
  private buttons: { button: HTMLButtonElement; action: () => number | null }[] = [];
  private verbs: { verb: Verb; row: HTMLElement; button: HTMLButtonElement }[] = [];
  private drawnFor: unknown = null;
  private listed = "";

  constructor(host: HTMLElement, private readonly app: App) {
    this.take = h("button", { class: "primary", onclick: () => toggleTake(app) });
    this.seat = new SeatForm(app);
    const head = h("div", { class: "row spread" }, this.title, this.take);
    host.append(head, this.own, this.reason, this.controls, this.seat.element);
  }

  update(): void {
    const { app } = this;
    const agent = selectedAgent(app);
    const hand = currentHand(app);
    const reason = whyNotTake(app);
    setText(this.title, agent === null ? "No agent is selected" : `Agent ${agent}`);
    setText(this.take, hand === null ? "Take over (T)" : "Give back (T)");
    this.take.disabled = reason !== null;
    this.take.title = reason ?? "";
    this.showReason(reason, hand);
    this.build();
    this.enable(hand);
    this.listOwn();
    this.seat.update();
  }

  private showReason(reason: string | null, hand: Hand | null): void {
    const { state } = this.app;
    const waiting = hand === null ? "Its policy plays it. Take it over to steer it yourself." : "";
    setText(this.reason, reason ?? (state.refused || waiting));
    this.reason.classList.toggle("refused", reason === null && state.refused !== "");
    this.reason.hidden = this.reason.textContent === "";
  }

  /** Makes the buttons of the game, once per branch. */
  private build(): void {
    const description = this.app.branch?.description;
    if (description === undefined || description === this.drawnFor) return;
    this.drawnFor = description;
    this.buttons = [];
    this.verbs = [];
    const pad = h("div", { class: "pad" }, ...PAD.map(([name, label, way]) => this.padButton(name, label, way)));
    const verbs = h("div", { class: "verbs" }, ...verbsOf(description.actions).map((verb) => this.verbRow(verb)));
    fill(this.controls, pad, verbs);
  }

  private padButton(name: IconName, label: string, way: Eighth | null): HTMLElement {
    const action = () => (way === null ? 0 : this.steer(way));
    const press = () => {
      const chosen = action();
      if (chosen !== null) act(this.app, chosen);
    };
    const button = h("button", { class: `pad-${name}`, title: label, "aria-label": label, onclick: press }, icon(name));
    this.buttons.push({ button, action });
    return button;
  }

  private steer(way: Eighth): number | null {
    const { branch, world } = this.app;
    const hand = currentHand(this.app);
    if (branch === null || world === null || hand === null) return null;
    const { actions, looks } = branch.description;
    return actionToward(actions, way, world.variable(hand.agent, looks.variables.heading));
  }

  private verbRow(verb: Verb): HTMLElement {
    const only = verb.choices.length === 1 ? verb.choices[0]! : null;
    const key = verb.key === "" ? null : h("kbd", {}, verb.key.toUpperCase());
    const button = h("button", { class: "verb", onclick: () => begin(this.app, verb) }, sentence(verb.name), key);
    const row = h("div", { class: "verb-row" }, button);
    if (only !== null) this.buttons.push({ button, action: () => only.action });
    else row.append(this.choices(verb));
    this.verbs.push({ verb, row, button });
    return row;
  }

  private choices(verb: Verb): HTMLElement {
    const rows = rowsOf(verb).map((row) => h("div", { class: "chips" }, ...row.map((choice) => this.choiceButton(choice))));
    return h("div", { class: verb.hasTargets ? "choices targets" : "choices" }, ...rows);
  }

  private choiceButton(choice: Choice): HTMLElement {
    const button = h("button", { class: "chip", onclick: () => act(this.app, choice.action) }, choice.label);
    this.buttons.push({ button, action: () => choice.action });
    return button;
  }

  /** Greys what the selected agent cannot choose now. */
  private enable(hand: Hand | null): void {
    const isRunning = (this.app.branch?.state.speed ?? 0) > 0;
    for (const { button, action } of this.buttons) {
      const number = action();
      button.disabled = hand === null || number === null || (!isRunning && !hand.actions.includes(number));
    }
    for (const { verb, row, button } of this.verbs) {
      if (verb.choices.length > 1) button.disabled = hand === null;
      const isAimed = hand !== null && this.app.state.aiming === verb.name;
      row.classList.toggle("aimed", isAimed);
      button.setAttribute("aria-pressed", String(isAimed));
    }
  }

  private listOwn(): void {
    const hands = ownHands(this.app);
    const selected = this.app.pane?.selected ?? null;
    const listed = JSON.stringify([hands.map((hand) => hand.agent), selected]);
    if (listed === this.listed) return;
    this.listed = listed;
    const chips = hands.map(({ agent }) =>
      h("button", { class: "chip", "aria-pressed": String(agent === selected), onclick: () => select(this.app, agent) }, `${agent}`),
    );
    this.own.hidden = chips.length === 0;
    fill(this.own, h("span", { class: "muted" }, "You play"), ...chips);
  }
}

function sentence(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}
