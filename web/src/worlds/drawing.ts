// Maps as characters, in the form that AsciiMap and map files read: a drawing and a legend.

import { groundOf, kindOf, makeGrid, type Grid } from "./grid";

/** A drawing and what its characters stand for, on top of `.` and space = empty, `@` = agent, `#` = wall. */
export interface Drawing {
  text: string;
  legend: Record<string, string>;
}

/** What a cell holds for each name: the number of a kind, or 256 times the number of a ground. */
export type Values = Record<string, number>;

const ALWAYS: Readonly<Record<string, string>> = { ".": "empty", " ": "empty", "@": "agent", "#": "wall" };
const SPARE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$%&*+=~^_<>!?/|;,";
const ON = " on ";

/** Draws a map; each name gets a letter of its own, the first that is free. */
export function drawingOf(grid: Grid, values: Values): Drawing {
  const characters = new Map<string, string>(Object.entries(ALWAYS).map(([character, name]) => [name, character]));
  characters.set("empty", ".");
  const legend: Record<string, string> = {};
  const names = namesByValue(values);
  const ofValue = new Map<number, string>();
  for (const value of new Set(grid.cells)) {
    const name = meaning(value, names);
    const character = characters.get(name) ?? freeCharacter(name, characters);
    if (!characters.has(name)) legend[character] = name;
    characters.set(name, character);
    ofValue.set(value, character);
  }
  const rows = Array.from({ length: grid.height }, (_, row) => {
    const cells = grid.cells.subarray(row * grid.width, (row + 1) * grid.width);
    return Array.from(cells, (value) => ofValue.get(value)).join("");
  });
  return { text: rows.join("\n"), legend };
}

/** The map that a drawing shows. Throws Error with one line if it shows none. */
export function gridOf(drawing: Drawing, values: Values): Grid {
  const rows = trimmed(drawing.text);
  const width = rows[0]?.length ?? 0;
  if (width === 0) throw new Error("the drawing is empty");
  const meanings = { ...ALWAYS, ...drawing.legend };
  const cells = rows.flatMap((line, row) => {
    const signs = [...line];
    if (signs.length !== width) throw new Error(`row ${row + 1} has ${signs.length} characters, the first row has ${width}`);
    return signs.map((sign, column) => valueOf(sign, meanings[sign], values, `row ${row + 1}, column ${column + 1}`));
  });
  return makeGrid(rows.length, width, cells);
}

/** A drawing with its legend as one text: lines `a: altar`, an empty line, the drawing. */
export function textOf({ text, legend }: Drawing): string {
  const lines = Object.entries(legend).map(([character, name]) => `${character}: ${name}`);
  return [...lines, ...(lines.length > 0 ? [""] : []), text].join("\n");
}

/** The drawing in a text as `textOf` writes it, or in a drawing without a legend. */
export function drawingIn(text: string): Drawing {
  const lines = text.replaceAll("\r", "").split("\n");
  const legend: Record<string, string> = {};
  let first = 0;
  for (; first < lines.length; first++) {
    const match = /^\s*(\S): ([a-z][a-z0-9_]*(?: on [a-z][a-z0-9_]*)?)\s*$/.exec(lines[first]!);
    if (match === null) break;
    legend[match[1]!] = match[2]!;
  }
  if (first > 0 && lines[first]?.trim() === "") first++;
  return { text: lines.slice(first).join("\n"), legend };
}

function namesByValue(values: Values): Map<number, string> {
  return new Map(Object.entries(values).map(([name, value]) => [value, name]));
}

function meaning(value: number, names: Map<number, string>): string {
  const ground = 256 * groundOf(value);
  if (ground === 0 || kindOf(value) === 0) return names.get(value) ?? "empty";
  return `${names.get(kindOf(value))}${ON}${names.get(ground)}`;
}

function freeCharacter(name: string, taken: Map<string, string>): string {
  const used = new Set([...taken.values(), ...Object.keys(ALWAYS)]);
  const wanted = [...name.replaceAll(/[^a-z]/g, "")];
  const found = [...wanted, ...wanted.map((letter) => letter.toUpperCase()), ...SPARE].find((sign) => !used.has(sign));
  if (found === undefined) throw new Error("the map has more kinds of things than there are characters");
  return found;
}

function valueOf(sign: string, name: string | undefined, values: Values, where: string): number {
  if (name === undefined) throw new Error(`${where}: '${sign}' is not in the legend`);
  const parts = name.split(ON).map((part) => values[part]);
  const [thing, ground] = parts;
  if (thing === undefined || (parts.length > 1 && ground === undefined)) {
    throw new Error(`${where}: '${sign}' stands for '${name}', which the game has not`);
  }
  if (ground === undefined) return thing;
  if (thing <= 0 || thing >= 256 || ground < 256) throw new Error(`${where}: '${name}' is no thing on a ground`);
  return thing + ground;
}

/** The drawing's rows without empty lines around them and common indentation, as AsciiMap reads them. */
function trimmed(text: string): string[] {
  const lines = text.split("\n");
  while (lines.length > 0 && lines[0]!.trim() === "") lines.shift();
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  const margins = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Math.min(...margins)));
}
