import { describe, expect, it } from "vitest";
import { nameOf } from "../../src/chrome/help";
import { paletteOf } from "../../src/chrome/settings";
import { readShared, writeShared } from "../../src/chrome/share";
import { icon, isIcon } from "../../src/icons";
import { BINDINGS } from "../../src/input/keyboard";
import { initialState } from "../../src/state";

describe("share links", () => {
  const pane = { branch: 3, selected: 12, isFollowing: true, camera: { x: 12.25, y: -3.5, scale: 32 } };
  const other = { branch: 1, selected: null, isFollowing: false, camera: { x: 0, y: 0, scale: 0 } };

  it("come back as they went", () => {
    const state = { ...initialState(), tick: 120, panes: [pane, other], focus: 1, openPanels: ["play", "fork"] };
    state.layers = { ...state.layers, vision: false, fog: true, heat: true };
    const shared = readShared(`#${writeShared(state)}`);
    expect(shared).toEqual({ tick: 120, panes: [pane, other], focus: 1, layers: ["fog", "heat"], panels: ["play", "fork"] });
  });

  it("never hold a token", () => {
    expect(writeShared({ ...initialState(), panes: [pane] })).not.toContain("token");
  });

  it("of other sorts say nothing, and nonsense is left out", () => {
    for (const nothing of ["", "#", "#token=abc", "#tick=3", "#panes=", "#panes=x.y", "#panes=-1"]) expect(readShared(nothing)).toBeNull();
    const shared = readShared("#panes=2.q.1.1e9.NaN.99999999~7~8&tick=-4&focus=9&layers=grid.<b>&panels=a-b.play");
    expect(shared?.panes).toEqual([
      { branch: 2, selected: null, isFollowing: true, camera: { x: 0, y: 0, scale: 160 } },
      { branch: 7, selected: null, isFollowing: false, camera: { x: 0, y: 0, scale: 0 } },
    ]);
    expect(shared).toMatchObject({ tick: null, focus: 1, layers: ["grid"], panels: ["play"] });
  });
});

describe("settings", () => {
  it("take the sprites that go with the theme, unless others are chosen", () => {
    expect(paletteOf("auto", "auto", false)).toBe("light");
    expect(paletteOf("auto", "auto", true)).toBe("dark");
    expect(paletteOf("contrast", "auto", false)).toBe("contrast");
    expect(paletteOf("dark", "colorblind", true)).toBe("colorblind");
  });
});

describe("keys", () => {
  it("have one meaning each, and a help", () => {
    const keys = BINDINGS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(BINDINGS.every((binding) => binding.help.length > 3)).toBe(true);
    expect([" ", "g", "F2", "ArrowUp"].map(nameOf)).toEqual(["Space", "G", "F2", "↑"]);
  });
});

describe("icons", () => {
  it("are drawn by name", () => {
    expect(icon("play").querySelector("path")?.getAttribute("d")).toContain("M7");
    expect(isIcon("fork")).toBe(true);
    expect(isIcon("toString")).toBe(false);
  });
});
