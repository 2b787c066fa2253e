/** The three plain kinds of output: text, markdown, HTML. Each call is one message to the front end. */

import { screen } from "./kernel";

/**
 * Prints a built-up text as one message. A trace of forty lines printed line by line would be forty messages,
 * and the kernel loses some after about five hundred.
 */
export function print(text: string): void {
  console.log(text);
}

/** Shows markdown, formulas in `$…$` included. Not for text that comes from data: markdown may contain HTML. */
export function markdown(text: string): void {
  screen().show("text/markdown", text);
}

/** Shows HTML as it is. Escape what comes from data with `escapeHtml`. */
export function html(markup: string): void {
  screen().show("text/html", markup);
}
