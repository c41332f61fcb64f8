import { describe, expect, it } from "vitest";
import { quoted, recipeCommand, sceneCommand } from "../../src/worlds/command";
import { choiceIn } from "../../src/worlds/page";
import { leaves } from "../../src/worlds/settings";

describe("commands", () => {
  it("name what differs, in the order of the changes", () => {
    const changes = { "sim.env.num_agents": "12", "sim.env.map.stations": "{altar: 3}" };
    expect(recipeCommand("./metta", "play", "arena", changes, 3)).toBe(
      "./metta play arena sim.env.num_agents=12 'sim.env.map.stations={altar: 3}' system.seed=3",
    );
    expect(recipeCommand("metta", "train", "arena", {}, 0)).toBe("metta train arena");
    expect(recipeCommand("metta", "play", "arena", { "system.seed": "7" }, 3)).toBe("metta play arena system.seed=7");
  });

  it("show a scene in its size", () => {
    expect(sceneCommand("./metta", "caves", 25, 41, 2, { fill: "0.4" })).toBe(
      "./metta maps show caves height=25 width=41 seed=2 scene.fill=0.4",
    );
  });

  it("are safe in a shell", () => {
    expect(quoted("a=b/c,d:1.5")).toBe("a=b/c,d:1.5");
    expect(quoted("a=$(rm -rf x)")).toBe("'a=$(rm -rf x)'");
    expect(quoted("a=it's; ls")).toBe("'a=it'\\''s; ls'");
    expect(quoted("")).toBe("''");
  });
});

it("the address names a recipe or a scene", () => {
  expect(choiceIn("#page=worlds&recipe=arena")).toEqual({ sort: "recipe", name: "arena", maker: null });
  expect(choiceIn("#page=worlds&scene=caves")).toEqual({ sort: "scene", name: "caves" });
  expect(choiceIn("#page=worlds")).toBeNull();
});

it("leaves of a tree are its settings that have a value", () => {
  const leaf = (path: string) => ({ name: path, path, type: "int", about: "", value: "1" });
  const tree = [leaf("a"), { ...leaf("b"), value: null, parts: [leaf("b.c"), leaf("b.d")] }];
  expect(leaves(tree).map(({ path }) => path)).toEqual(["a", "b.c", "b.d"]);
});
