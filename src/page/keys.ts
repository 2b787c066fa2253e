/**
 * Lets an element have its keys for itself. In JupyterLab, letters and arrows pressed in an output are commands of
 * the notebook: "b" adds a cell, an arrow leaves for the next one. The attribute is JupyterLab's own way out; it
 * counts only on the very element that has the focus.
 */
export function ownKeys<E extends Element>(element: E): E {
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}
