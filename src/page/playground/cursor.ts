/** Where on a picture the reader points: with the mouse, a finger, or the arrow keys. */

/** From 0 to 1, from the left and from the top. */
export interface Place {
  readonly across: number;
  readonly down: number;
  /** Whether it was the keyboard that moved there: nothing else shows where that is. */
  readonly byKey: boolean;
}

const KEYS: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One arrow key's way; a tenth of it with Shift. */
const STRIDE = 1 / 30;

/**
 * Follows the reader's finger over `picture`, which takes the keyboard's focus, too.
 * @param moved gets the place, or undefined when nothing is pointed at any more
 * @param chosen gets the place that was clicked, or where Enter or the space bar was pressed
 */
export function followCursor(
  picture: HTMLElement,
  moved: (place: Place | undefined) => void,
  chosen: (place: Place) => void = () => {},
): void {
  let byKey: Place = { across: 0.5, down: 0.5, byKey: true };
  const under = (event: MouseEvent): Place => {
    const box = picture.getBoundingClientRect();
    return {
      across: within((event.clientX - box.left) / box.width),
      down: within((event.clientY - box.top) / box.height),
      byKey: false,
    };
  };
  picture.tabIndex = 0;
  picture.addEventListener("pointermove", (event) => moved(under(event)));
  picture.addEventListener("pointerleave", () => moved(undefined));
  picture.addEventListener("click", (event) => chosen(under(event)));
  picture.addEventListener("blur", () => moved(undefined));
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = KEYS[event.key];
    if (way !== undefined) {
      const stride = event.shiftKey ? STRIDE / 10 : STRIDE;
      byKey = {
        across: within(byKey.across + stride * way[0]),
        down: within(byKey.down + stride * way[1]),
        byKey: true,
      };
      moved(byKey);
    } else if (event.key === "Enter" || event.key === " ") {
      chosen(byKey);
    } else return;
    event.preventDefault(); // the page would scroll
  });
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}
