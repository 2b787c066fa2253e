/** Two texts, line by line: what only the original has, what only the change has. */

export interface Line {
  readonly text: string;
  readonly side: "both" | "original" | "changed";
}

/** The longest common sequence of lines; cells are short, so the plain table does. */
export function lineDifference(original: string, changed: string): Line[] {
  const a = original.split("\n");
  const b = changed.split("\n");
  const width = b.length + 1;
  const common = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ text: a[i] as string, side: "both" });
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ text: a[i] as string, side: "original" });
      i += 1;
    } else {
      lines.push({ text: b[j] as string, side: "changed" });
      j += 1;
    }
  }
  return lines;
}

export function differenceElement(original: string, changed: string): HTMLElement {
  const pre = document.createElement("pre");
  pre.className = "live-difference";
  pre.tabIndex = 0;
  pre.setAttribute("aria-label", "What changes: lines that go are marked −, lines that come are marked +");
  for (const { text, side } of lineDifference(original, changed)) {
    const line = document.createElement(side === "original" ? "del" : side === "changed" ? "ins" : "span");
    line.textContent = `${side === "original" ? "−" : side === "changed" ? "+" : " "} ${text}\n`;
    pre.append(line);
  }
  return pre;
}
