/** The editor of a cell: unpacked when a reader first asks for one. */
/// <reference path="./css.d.ts" />
import { createEditor } from "prism-code-editor";
import { defaultKeymap, editHistory, editorCommands } from "prism-code-editor/commands";
import { highlightBracketPairs } from "prism-code-editor/highlight-brackets";
import layout from "prism-code-editor/layout.css";
import { matchBrackets } from "prism-code-editor/match-brackets";
import "prism-code-editor/languages/clike";
import "prism-code-editor/prism/languages/typescript";

export interface CellEditor {
  readonly element: HTMLElement;
  focus(): void;
  set(source: string): void;
  /** Marks a line, counted from 1, as the one that failed; none without it. */
  mark(line?: number): void;
}

export interface EditorWishes {
  readonly label: string;
  readonly source: string;
  changed(source: string): void;
  /** Shift-Enter, as in JupyterLab: run, and go to the next cell. */
  runAndMoveOn(): void;
  /** Ctrl-Enter or Cmd-Enter: run, and stay. */
  run(): void;
}

let styled = false;

export function cellEditor(wishes: EditorWishes): CellEditor {
  if (!styled) {
    styled = true;
    const style = document.createElement("style");
    style.textContent = layout;
    document.head.append(style);
  }
  let quiet = true;
  const editor = createEditor(
    null,
    {
      language: "typescript",
      value: wishes.source,
      onUpdate: (value) => {
        if (quiet) return;
        mark();
        wishes.changed(value);
      },
    },
    matchBrackets(),
    highlightBracketPairs(),
    editorCommands(defaultKeymap),
    editHistory(),
  );
  quiet = false;
  const { textarea } = editor;
  textarea.setAttribute("aria-label", wishes.label);
  const mark = (line?: number): void => {
    for (const marked of editor.lines ?? []) (marked as HTMLElement).classList?.remove("gb-failed-line");
    if (line !== undefined) (editor.lines[line] as HTMLElement | undefined)?.classList.add("gb-failed-line");
  };
  // Before the editor's own commands: to them, Shift-Enter is a new line.
  textarea.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") leaving = true;
      else if (event.key === "Tab" && leaving) {
        event.stopImmediatePropagation(); // Escape, then Tab: on to the next control, as without an editor
        leaving = false;
      } else if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) leaving = false;
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.shiftKey) wishes.runAndMoveOn();
      else wishes.run();
    },
    true,
  );
  let leaving = false;
  return {
    element: editor.container,
    focus: () => textarea.focus(),
    set: (source) => editor.setOptions({ value: source }),
    mark,
  };
}
