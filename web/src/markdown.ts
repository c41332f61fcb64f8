// The little Markdown that rule sheets are written in, as elements: tables, blocks of code, names, paragraphs.

import { h, type Child } from "./dom";

/** Elements for a text; what looks like markup is shown as text. */
export function renderMarkdown(text: string): HTMLElement[] {
  return text.split(/\n{2,}/).map((block) => {
    if (block.startsWith("```")) return h("pre", {}, block.replace(/^```\w*\n|\n```$/g, ""));
    if (block.startsWith("|")) return table(block.split("\n"));
    return h("p", {}, ...inline(block));
  });
}

function table(lines: readonly string[]): HTMLElement {
  const [head, , ...rows] = lines.map(cells);
  return h(
    "table",
    { class: "sheet-table" },
    h("thead", {}, h("tr", {}, ...head!.map((cell) => h("th", {}, ...inline(cell))))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, ...inline(cell)))))),
  );
}

/** The cells of a line; `\|` is a bar that parts nothing. */
function cells(line: string): string[] {
  const parts = line.split(/(?<!\\)\|/).slice(1, -1);
  return parts.map((part) => part.trim().replaceAll("\\|", "|"));
}

function inline(text: string): Child[] {
  const parts = text.split(/(`[^`]*`|\*\*[^*]+\*\*)/);
  return parts.map((part) => {
    if (part.startsWith("`") && part.length > 1) return h("code", {}, part.slice(1, -1));
    if (part.startsWith("**")) return h("strong", {}, part.slice(2, -2));
    return part.replace(/\\([*<|_])/g, "$1");
  });
}
