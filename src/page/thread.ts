/** A thread for a widget. Its code travels in the page and becomes a file that exists only here. */
export function startThread(code: string): Worker {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

/** Calls back once, when an element comes near: what is far down a page costs nothing until then. */
export function whenNear(element: Element, mount: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      mount();
    },
    { rootMargin: "300px 0px" },
  );
  observer.observe(element);
}

/** Fired at a widget by whoever takes it out of the page for good: its thread ends at once. */
export const GONE = "glassbox-gone";

/** JupyterLab takes cells out of the page while they are far away, and brings them back: a thread waits so long for that. */
const AWAY = 600_000;

/**
 * Follows an element's fate. A window that grows, a folded cell that opens, a tab of JupyterLab that comes back: `resized`.
 * Folded away, or taken out of the page: `hidden`. Not come back for long, or replaced by another run: `gone`.
 */
export function followPlace(
  element: HTMLElement,
  { resized, hidden, gone }: { resized(): void; hidden(): void; gone(): void },
): void {
  let [width, height] = [element.clientWidth, element.clientHeight];
  let timer = 0;
  const end = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    element.removeEventListener(GONE, end);
    gone();
  };
  const observer = new ResizeObserver(() => {
    const seen = width > 0 && height > 0;
    const [before, tall] = [width, height];
    [width, height] = [element.clientWidth, element.clientHeight];
    clearTimeout(timer);
    if (!element.isConnected) timer = window.setTimeout(end, AWAY);
    if (width > 0 && height > 0) {
      if (before !== width || tall === 0) resized();
    } else if (seen) hidden();
  });
  observer.observe(element);
  element.addEventListener(GONE, end);
  // What a closed `details` holds keeps its size in some browsers.
  for (
    let box = element.closest("details");
    box !== null;
    box = box.parentElement?.closest("details") ?? null
  ) {
    box.addEventListener("toggle", ({ target }) => {
      if ((target as HTMLDetailsElement).open) resized();
      else hidden();
    });
  }
}

/** Draws with the next frame. A tab in the background has no frames: there at once, so that whoever waits goes on. */
export function withFrame(draw: () => void): void {
  let due = true;
  const now = (): void => {
    if (!due) return;
    due = false;
    document.removeEventListener("visibilitychange", now);
    draw();
  };
  if (document.hidden) {
    now();
    return;
  }
  document.addEventListener("visibilitychange", now);
  requestAnimationFrame(now);
}
