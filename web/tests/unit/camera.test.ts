import { describe, expect, it } from "vitest";
import { cellAt, dragged, fitted, pixelAt, zoomed } from "../../src/map/camera";

const PANE = { width: 800, height: 600 };

describe("camera", () => {
  it("fits a map into its pane", () => {
    const camera = fitted({ width: 40, height: 20 }, PANE);
    const corner = pixelAt(camera, PANE, 0, 0);
    expect(corner.x).toBeGreaterThan(0);
    expect(corner.x).toBeLessThan(20);
    expect(pixelAt(camera, PANE, 20, 10)).toEqual({ x: 400, y: 300 });
  });

  it("finds the cell under a pixel", () => {
    const camera = { x: 12.5, y: 3, scale: 20 };
    const pixel = pixelAt(camera, PANE, 7.25, 9.5);
    expect(cellAt(camera, PANE, pixel.x, pixel.y)).toEqual({ x: 7.25, y: 9.5 });
  });

  it("keeps what is under the pointer when it zooms", () => {
    const camera = { x: 12.5, y: 3, scale: 20 };
    const before = cellAt(camera, PANE, 130, 470);
    const after = cellAt(zoomed(camera, PANE, 130, 470, 1.7), PANE, 130, 470);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it("moves the map with the pointer", () => {
    const camera = dragged({ x: 10, y: 10, scale: 20 }, 40, -20);
    expect(camera).toEqual({ x: 8, y: 11, scale: 20 });
  });
});
